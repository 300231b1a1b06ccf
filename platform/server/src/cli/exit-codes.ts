// The exit codes of the process, for the program or person that started it. Numbers of sysexits.h.

export const exitCodes = {
  done: 0,
  /** The answer to the question is no: a token that no server would take, a server that is not ready. */
  refused: 1,
  /** EX_SOFTWARE: a defect of ours. */
  defect: 70,
  /** EX_CONFIG: a variable, a file or the command line is wrong, and the output says which. */
  configuration: 78,
} as const;
