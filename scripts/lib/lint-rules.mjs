/** Rules of this project's own, for the linter (`.oxlintrc.json`). */

const startsPrograms = /^(spawn|execFile|fork)/;

/** A rule that finds nodes of one kind. */
const finds = (message, visitorsOf) => ({
  create: (context) => visitorsOf((node) => context.report({ node, message })),
});

/** Enumerations leave code behind that a union of strings does not need. */
const noEnum = finds('Use a union of strings.', (report) => ({ TSEnumDeclaration: report }));

/** A program that a test starts takes no settings of the user who runs the tests. */
const ownEnvironment = finds(
  "Take it from ownEnvironment(): the program would read an operator's .env.",
  (report) => ({
    Property({ key, value, parent }) {
      const isEnvironment = (key.name ?? key.value) === 'env' && value.type === 'ObjectExpression';
      if (isEnvironment && isWithinStart(parent)) report(value);
    },
  }),
);

/** Whether it is part of what a program is started with, however deep: in a spread, a condition, another object. */
function isWithinStart(node) {
  for (let at = node; at; at = at.parent) {
    if (at.type === 'CallExpression' && startsPrograms.test(at.callee.name ?? '')) return true;
  }
  return false;
}

export default {
  meta: { name: 'hearthkey' },
  rules: { 'no-enum': noEnum, 'own-environment': ownEnvironment },
};
