// Where the API of the console is. Its routes: route-table.ts.

/** Paths of the table are below this. */
export const adminPrefix = '/admin/api';
