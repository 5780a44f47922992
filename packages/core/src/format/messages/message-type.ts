/** Numbers of header messages (HDF5 File Format Specification, section IV.A.2) and what their flags mean (section IV.A.1). */

export const MessageType = {
  nil: 0x00,
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  fillValueOld: 0x04,
  fillValue: 0x05,
  link: 0x06,
  externalDataFiles: 0x07,
  dataLayout: 0x08,
  bogus: 0x09,
  groupInfo: 0x0a,
  filterPipeline: 0x0b,
  attribute: 0x0c,
  objectComment: 0x0d,
  modificationTimeOld: 0x0e,
  sharedMessageTable: 0x0f,
  continuation: 0x10,
  symbolTable: 0x11,
  modificationTime: 0x12,
  btreeK: 0x13,
  driverInfo: 0x14,
  attributeInfo: 0x15,
  referenceCount: 0x16,
  fileSpaceInfo: 0x17,
  cacheImage: 0x18,
} as const;

/** Types from here on are not known. */
export const FIRST_UNKNOWN_TYPE = 0x19;

export const MessageFlag = {
  constant: 0x01,
  /** The message's place holds a pointer to it: see the shared message. */
  shared: 0x02,
  mustNotShare: 0x04,
  failIfUnknownOnWrite: 0x08,
  markIfUnknown: 0x10,
  wasUnknown: 0x20,
  sharable: 0x40,
  failIfUnknown: 0x80,
} as const;

const TITLES: readonly string[] = [
  "NIL message",
  "Dataspace message",
  "Link info message",
  "Datatype message",
  "Fill value message (old)",
  "Fill value message",
  "Link message",
  "External data files message",
  "Data layout message",
  "Bogus message",
  "Group info message",
  "Filter pipeline message",
  "Attribute message",
  "Object comment message",
  "Object modification time message (old)",
  "Shared message table message",
  "Object header continuation message",
  "Symbol table message",
  "Object modification time message",
  "B-tree 'K' values message",
  "Driver info message",
  "Attribute info message",
  "Object reference count message",
  "File space info message",
  "Metadata cache image message",
];

/** The specification's title of a message type. */
export const messageTitle = (type: number): string => TITLES[type] ?? `Message of unknown type 0x${type.toString(16)}`;
