/** A small HDF5 file with a bit of everything, made by libhdf5 (h5wasm): for `npm start`, and for tests that need one. */
import { readFileSync } from "node:fs";
import * as h5wasm from "h5wasm/node";

/** What {@link writeSample} puts into the file, for tests to compare with. */
export interface SampleValues {
  /** `[8, 32, 32]`, in chunks of `[2, 16, 16]`, compressed with gzip. */
  readonly images: Uint16Array;
  /** One a picture, contiguous. */
  readonly means: Float64Array;
  readonly labels: readonly string[];
}

function sampleValues(): SampleValues {
  const images = Uint16Array.from({ length: 8 * 32 * 32 }, (_, i) => (i * 7) % 1000);
  const means = Float64Array.from({ length: 8 }, (_, i) => {
    const picture = images.subarray(i * 1024, (i + 1) * 1024);
    return picture.reduce((sum, value) => sum + value, 0) / picture.length;
  });
  return { images, means, labels: ["dark", "flat", "sample α", "sample β"] };
}

/** Writes the file and returns what is in it. */
export async function writeSample(path: string): Promise<SampleValues> {
  await h5wasm.ready;
  const values = sampleValues();
  const file = new h5wasm.File(path, "w");
  file.create_attribute("title", "A sample of h5ts");
  file.create_attribute("format_version", 3, null, "<i");
  file.create_group("raw");
  const images = file.create_dataset({
    name: "raw/images",
    data: values.images,
    shape: [8, 32, 32],
    maxshape: [null, 32, 32],
    chunks: [2, 16, 16],
    compression: "gzip",
    compression_opts: 4,
  });
  images.create_attribute("units", "counts");
  images.create_attribute("exposure", Float64Array.from([0.5, 0.25]));
  file.create_dataset({ name: "raw/labels", data: [...values.labels] });
  file.create_group("processed");
  file.create_dataset({ name: "processed/means", data: values.means });
  file.create_dataset({ name: "processed/count", data: BigInt64Array.of(8n), shape: [] });
  file.create_soft_link("/raw/images", "latest");
  file.close();
  return values;
}

/** The file's bytes and what is in it. */
export async function sampleBytes(path: string): Promise<{ bytes: Uint8Array<ArrayBuffer>; values: SampleValues }> {
  const values = await writeSample(path);
  return { bytes: new Uint8Array(readFileSync(path)), values };
}
