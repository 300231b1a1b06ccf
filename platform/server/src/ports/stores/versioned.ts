// Records that several may change at once: administrators in two consoles, a provision file on two nodes. Not
// what is in them.

/** As the store has it: version 1 when it was first put, one more with every change. */
export type Versioned<T> = T & { version: number };
