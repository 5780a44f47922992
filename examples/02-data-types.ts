/** Numbers, booleans, text, compounds, enumerations, arrays, dates, complex numbers, and what each becomes in JavaScript. */
import { dtype, Empty, openSync } from "h5ts";

const file = openSync("types.h5", "w");

// The type of a typed array is the type of the dataset; other types are named as in NumPy.
file.createDataset("numbers/float32", { data: Float32Array.of(1.5, 2.5) });
file.createDataset("numbers/int16_big_endian", { data: [1, -2, 300], dtype: ">i2" });
file.createDataset("numbers/float16", { data: [0.1, 65504], dtype: "f2" });
file.createDataset("numbers/uint64", { data: BigUint64Array.of(2n ** 64n - 1n) });
file.createDataset("numbers/complex", { data: Float64Array.of(1, 2, 3, -4), dtype: "c16", shape: [2] });
file.createDataset("bool", { data: [true, false, true] });

// Text: of variable length, UTF-8, or of a fixed number of bytes.
file.createDataset("text/variable", { data: ["a", "naïve", "日本語", ""] });
file.createDataset("text/fixed", { data: ["ab", "cd"], dtype: "S4" });
file.createDataset("text/fixed_utf8", { data: ["é"], dtype: dtype.string({ length: 8, encoding: "utf-8" }) });
file.createDataset("text/single", { data: "one text" });

// Compounds: NumPy's structured arrays. Rows or columns, as they come.
const star = dtype.compound({ name: "S10", magnitude: "f4", position: dtype.array("f8", [2]) });
file.createDataset("stars", {
  dtype: star,
  data: [
    { name: "Vega", magnitude: 0.03, position: [279.2, 38.8] },
    { name: "Sirius", magnitude: -1.46, position: [101.3, -16.7] },
  ],
});
file.createDataset("table", { data: { id: Int32Array.of(1, 2, 3), label: ["x", "y", "z"] } });

// The rest of HDF5's types.
file.createDataset("enum", { data: [0, 2, 1], dtype: dtype.enum({ RED: 0, GREEN: 1, BLUE: 2 }) });
file.createDataset("ragged", { data: [Int32Array.of(1), Int32Array.of(1, 2, 3)], dtype: dtype.vlen("i4") });
file.createDataset("dates", { data: BigInt64Array.of(0n, 86_400n), dtype: "M8[s]" });
file.createDataset("opaque", { data: [Uint8Array.of(1, 2, 3)], dtype: dtype.opaque(3) });
file.createDataset("pointers", { data: [file.dataset("stars").ref, file.group("text").ref], dtype: dtype.reference });
file.attrs.set("nothing", new Empty("f4"));
file.commitDatatype("star_t", star);
file.close();

const read = openSync("types.h5");
const names = ["numbers/float32", "numbers/int16_big_endian", "numbers/float16", "numbers/uint64", "bool"];
for (const name of names) console.log(name, read.dataset(name).dtype.name, read.dataset(name).read().data);
// | numbers/float32 float32 Float32Array(2) [ 1.5, 2.5 ]
// | numbers/int16_big_endian int16 Int16Array(3) [ 1, -2, 300 ]
// | numbers/float16 float16 Float32Array(2) [ 0.0999755859375, 65504 ]
// | numbers/uint64 uint64 BigUint64Array(1) [ 18446744073709551615n ]
// | bool bool Uint8Array(3) [ 1, 0, 1 ]
console.log(read.dataset("numbers/complex", "c16").read(1).item()); // { real: 3, imag: -4 }
console.log(read.dataset("text/variable", "string").read().data); // [ 'a', 'naïve', '日本語', '' ]
console.log(read.dataset("text/single").read().item()); // one text

const stars = read.dataset("stars", star); // typed: columns by their names
console.log(stars.read().data.magnitude); // Float32Array(2) [ 0.029999999329447746, -1.4600000381469727 ]
console.log(stars.fields("name").read().data); // [ 'Vega', 'Sirius' ]
console.log(stars.read().row(1).name, stars.dtype.fields?.get("magnitude")?.offset); // Sirius 10
console.log(read.dataset("enum").dtype.members?.get("BLUE"), read.dataset("enum").read().data); // 2 Uint8Array(3) [ 0, 2, 1 ]
console.log(read.dataset("ragged", dtype.vlen("i4")).read().data[1]); // Int32Array(3) [ 1, 2, 3 ]
console.log(read.dataset("dates").dtype.name, read.dataset("dates").dtype.unit); // datetime64[s] s
const [pointer] = read.dataset("pointers", dtype.reference).read().data;
console.log(read.get(pointer).kind, read.pathOf(pointer)); // dataset /stars
console.log(read.attrs.get("nothing") instanceof Empty); // true
// 64-bit integers as numbers: an error for those that a number cannot hold.
console.log(read.dataset("dates").asType("number").read().data); // Float64Array(2) [ 0, 86400 ]
read.close();
