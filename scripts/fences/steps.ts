/**
 * A `Steps` value does nothing by itself: it must meet `yield*`, `all`, a driver, or someone who will hand it to one.
 * A bare call compiles and silently does nothing; this check finds it, and every other place where a value is lost.
 */
import ts from "typescript";
import type { FencesConfig } from "../fences.config.ts";
import type { Import } from "./imports.ts";
import { type Finding, finding, type Workspace, type WorkspaceFile } from "./workspace.ts";

/** Tells which types are `Steps`: generators whose requests are those of the declaration `type Steps<T> = Generator<Request, ...>`. */
class StepsTypes {
  readonly checker: ts.TypeChecker;
  /** Where `Steps` is declared. */
  readonly declaring: WorkspaceFile[] = [];
  private readonly requests: ts.Type[] = [];
  private readonly known = new Map<ts.Type, boolean>();

  constructor(workspace: Workspace) {
    this.checker = workspace.program.getTypeChecker();
    for (const file of workspace.files) {
      for (const node of file.source.statements) {
        if (!ts.isTypeAliasDeclaration(node) || node.name.text !== "Steps") continue;
        const symbol = this.checker.getSymbolAtLocation(node.name);
        const request = symbol && this.requestOf(this.checker.getDeclaredTypeOfSymbol(symbol));
        if (request === undefined) continue;
        this.requests.push(request);
        this.declaring.push(file);
      }
    }
  }

  /** Whether the type, or a member of its union, is `Steps`. */
  has(type: ts.Type): boolean {
    if (type.isUnion()) return type.types.some((member) => this.has(member));
    const known = this.known.get(type);
    if (known !== undefined) return known;
    const request = this.requestOf(type);
    const is = request !== undefined && this.requests.some((one) => this.checker.isTypeAssignableTo(request, one));
    this.known.set(type, is);
    return is;
  }

  /** Whether a place of this type takes `Steps` knowingly: as itself, in a collection, or as what some function returns. */
  accepts(type: ts.Type | undefined): boolean {
    if (type === undefined) return false;
    const constraint = type.isTypeParameter() ? this.checker.getBaseConstraintOfType(type) : type;
    return constraint !== undefined && (this.has(constraint) || this.isGeneratorLike(constraint));
  }

  private requestOf(type: ts.Type): ts.Type | undefined {
    if (type.symbol?.name !== "Generator") return undefined;
    const request = this.checker.getTypeArguments(type as ts.TypeReference)[0];
    return request === undefined || (request.flags & (ts.TypeFlags.Never | ts.TypeFlags.Any)) !== 0
      ? undefined
      : request;
  }

  private isGeneratorLike(type: ts.Type): boolean {
    if (type.isUnion()) return type.types.some((member) => this.isGeneratorLike(member));
    return type.symbol?.name === "Generator";
  }
}

/** Where a value of an expression goes to, with what passes it on (parentheses, `as`, `? :`, `??`) left out. */
function destination(node: ts.Expression): { value: ts.Expression; parent: ts.Node } {
  const { parent } = node;
  const passesOn =
    ts.isParenthesizedExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isSatisfiesExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    (ts.isConditionalExpression(parent) && parent.condition !== node) ||
    (ts.isBinaryExpression(parent) && passesOnRight(parent, node));
  return passesOn ? destination(parent as ts.Expression) : { value: node, parent };
}

function passesOnRight(parent: ts.BinaryExpression, node: ts.Expression): boolean {
  const { kind } = parent.operatorToken;
  if (kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken) return true;
  const last = kind === ts.SyntaxKind.CommaToken || kind === ts.SyntaxKind.AmpersandAmpersandToken;
  return last && parent.right === node;
}

const enclosingFunction = (node: ts.Node): ts.SignatureDeclaration | undefined =>
  ts.findAncestor(node.parent, (one): one is ts.SignatureDeclaration => ts.isFunctionLike(one));

class Use {
  private readonly types: StepsTypes;
  constructor(types: StepsTypes) {
    this.types = types;
  }

  /** What is wrong with the use of an expression of type `Steps`; `undefined` where nothing is. */
  fault(node: ts.Expression): string | undefined {
    const { value, parent } = destination(node);
    if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent))
      return "is dropped: it does nothing without yield*";
    if (ts.isYieldExpression(parent)) return parent.asteriskToken ? undefined : "is yielded itself: write yield*";
    if (ts.isAwaitExpression(parent)) return "is awaited: that does nothing; hand it to runAsync";
    if (ts.isForOfStatement(parent) || ts.isSpreadElement(parent))
      return "is iterated: only drivers may see its requests";
    if (ts.isPropertyAccessExpression(parent) && parent.expression === value)
      return "is driven by hand: only drivers may";
    if (ts.isReturnStatement(parent)) return this.returned(value, enclosingFunction(parent));
    if (ts.isArrowFunction(parent)) return this.returned(value, parent);
    if (this.isTest(node, value, parent)) return ts.isIdentifier(node) ? undefined : "is only tested, and then lost";
    return this.handedOver(value, parent);
  }

  /** Comparisons and conditions look at a value without using it: harmless for a variable, a loss for a fresh one. */
  private isTest(node: ts.Expression, value: ts.Expression, parent: ts.Node): boolean {
    if (ts.isBinaryExpression(parent))
      return parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken || parent.left === value;
    if (ts.isPrefixUnaryExpression(parent) || ts.isTypeOfExpression(parent)) return true;
    if (ts.isIfStatement(parent) || ts.isWhileStatement(parent)) return true;
    return ts.isConditionalExpression(parent) && parent.condition === value && node === value;
  }

  private returned(value: ts.Expression, from: ts.SignatureDeclaration | undefined): string | undefined {
    if (from === undefined) return undefined;
    const flags = ts.getCombinedModifierFlags(from as ts.Declaration);
    if ((flags & ts.ModifierFlags.Async) !== 0) return "is returned from an async function: hand it to runAsync";
    if ((from as ts.FunctionLikeDeclaration).asteriskToken) return "is returned from a generator: write return yield*";
    if (!ts.isArrowFunction(from) && !ts.isFunctionExpression(from)) return undefined;
    const expected = this.types.checker.getContextualType(from);
    const signatures = expected?.getCallSignatures() ?? [];
    if (signatures.length === 0)
      return this.types.checker.getContextualType(value) === undefined || from.type !== undefined
        ? undefined
        : this.contextual(value);
    const wanted = signatures.map((one) => one.getReturnType());
    return wanted.some((type) => this.types.accepts(type) || type.isTypeParameter()) ? undefined : LOST;
  }

  private handedOver(value: ts.Expression, parent: ts.Node): string | undefined {
    if (ts.isVariableDeclaration(parent) && parent.type === undefined) return undefined;
    if (ts.isShorthandPropertyAssignment(parent)) return undefined;
    return this.contextual(value);
  }

  private contextual(value: ts.Expression): string | undefined {
    const expected = this.types.checker.getContextualType(value);
    if (expected === undefined) return isPlace(value.parent) ? undefined : LOST;
    return this.types.accepts(expected) ? undefined : LOST;
  }
}

/** Whether a node keeps a value whose type nothing prescribes, so that it stays `Steps` and is checked where it is used. */
const isPlace = (node: ts.Node): boolean =>
  ts.isVariableDeclaration(node) ||
  ts.isPropertyDeclaration(node) ||
  ts.isPropertyAssignment(node) ||
  ts.isArrayLiteralExpression(node) ||
  ts.isArrowFunction(node) ||
  ts.isReturnStatement(node) ||
  ts.isExportAssignment(node);

const LOST = "goes where no Steps is expected, and is lost";

/** Whether an expression is a value of its own, and not a declaration's name, a callee's member or the like. */
function isValue(node: ts.Node): node is ts.Expression {
  if (ts.isCallExpression(node) || ts.isElementAccessExpression(node)) return true;
  if (ts.isYieldExpression(node)) return true;
  if (ts.isPropertyAccessExpression(node))
    return !(ts.isCallExpression(node.parent) && node.parent.expression === node);
  if (!ts.isIdentifier(node)) return false;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  if (ts.isShorthandPropertyAssignment(parent)) return false;
  if (ts.isBinaryExpression(parent) && parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    return false;
  const isName = "name" in parent && parent.name === node;
  return (
    !isName &&
    !ts.isTypeNode(parent) &&
    !ts.isImportSpecifier(parent) &&
    !ts.isExportSpecifier(parent) &&
    !ts.isLabeledStatement(parent)
  );
}

/** The files that can know of `Steps` at all: those that lead by imports to where it is declared. */
function concerned(declaring: readonly WorkspaceFile[], imports: readonly Import[]): Set<WorkspaceFile> {
  const importers = new Map<WorkspaceFile, WorkspaceFile[]>();
  for (const { from, to } of imports) {
    if (to === undefined) continue;
    const known = importers.get(to);
    if (known === undefined) importers.set(to, [from]);
    else known.push(from);
  }
  const found = new Set(declaring);
  for (const file of found) for (const importer of importers.get(file) ?? []) found.add(importer);
  return found;
}

/** Every `Steps` value that is lost. The drivers, which run them, are exempt. */
export function checkSteps(workspace: Workspace, imports: readonly Import[], config: FencesConfig): Finding[] {
  const types = new StepsTypes(workspace);
  const use = new Use(types);
  const findings: Finding[] = [];
  for (const file of concerned(types.declaring, imports)) {
    if (config.drivers.some((folder) => file.path.startsWith(`${folder}/`))) continue;
    const visit = (node: ts.Node): void => {
      if (isValue(node) && types.has(types.checker.getTypeAtLocation(node))) {
        const fault = use.fault(node);
        if (fault !== undefined) findings.push(finding(file, node, "steps", `this Steps value ${fault}`));
      }
      ts.forEachChild(node, visit);
    };
    visit(file.source);
  }
  return findings;
}
