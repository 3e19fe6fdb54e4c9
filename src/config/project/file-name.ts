/** What the project file of the working directory is called. By itself, so that `--help` need not load what reads one. */
export const PROJECT_FILE = 'bidui.yaml';
