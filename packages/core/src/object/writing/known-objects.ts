/**
 * The objects of a file that is being changed, as far as somebody holds them: all who hold one see the same, which changes
 * renew, and nobody takes another object for one that was deleted.
 */
import type { AnyObjectInfo, GroupInfo } from "../../contract.ts";
import { NotFoundError } from "../../errors.ts";
import type { Mode } from "../mode.ts";
import type { Node, Session } from "../session.ts";

type Address = AnyObjectInfo["address"];

interface Cell {
  info: AnyObjectInfo;
  gone: boolean;
}

/** Cells from which on those that nobody holds are looked for. */
const SWEEP = 4096;

export class KnownObjects {
  private readonly cells = new Map<Address, WeakRef<Cell>>();
  private sweepAt = SWEEP;

  /** A node that shows what is known last of its object: now this. */
  node<M extends Mode, I extends AnyObjectInfo>(
    session: Session<M>,
    info: I,
    name: string | undefined,
    parent: Node<M, GroupInfo> | undefined,
  ): Node<M, I> {
    let cell = this.cell(info.address);
    if (cell === undefined) {
      cell = { info, gone: false };
      this.add(cell);
    } else cell.info = info;
    return new LiveNode<M, I>(session, cell, name, parent);
  }

  /** Whether somebody holds the object. */
  has(address: Address): boolean {
    return this.cell(address) !== undefined;
  }

  /** What its header says now. */
  renew(info: AnyObjectInfo): void {
    const cell = this.cell(info.address);
    if (cell !== undefined) cell.info = info;
  }

  /** These objects were deleted: others may come to stand in their places. */
  forget(addresses: Iterable<Address>): void {
    for (const address of addresses) {
      const cell = this.cell(address);
      if (cell !== undefined) cell.gone = true;
      this.cells.delete(address);
    }
  }

  private cell(address: Address): Cell | undefined {
    return this.cells.get(address)?.deref();
  }

  private add(cell: Cell): void {
    this.cells.set(cell.info.address, new WeakRef(cell));
    if (this.cells.size < this.sweepAt) return;
    for (const [address, ref] of this.cells) if (ref.deref() === undefined) this.cells.delete(address);
    this.sweepAt = Math.max(SWEEP, this.cells.size * 2);
  }
}

class LiveNode<out M extends Mode, out I extends AnyObjectInfo> implements Node<M, I> {
  readonly session: Session<M>;
  readonly name: string | undefined;
  readonly parent: Node<M, GroupInfo> | undefined;
  private readonly cell: Cell;

  constructor(session: Session<M>, cell: Cell, name: string | undefined, parent: Node<M, GroupInfo> | undefined) {
    this.session = session;
    this.cell = cell;
    this.name = name;
    this.parent = parent;
  }

  get info(): I {
    return this.cell.info as I;
  }

  check(): void {
    const { gone, info } = this.cell;
    if (gone) throw new NotFoundError(`was deleted: the ${info.kind} is in the file no more`);
  }
}
