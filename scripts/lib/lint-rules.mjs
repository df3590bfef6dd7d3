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
    CallExpression({ callee, arguments: args }) {
      if (callee.type !== 'Identifier' || !startsPrograms.test(callee.name)) return;
      const options = args
        .filter(({ type }) => type === 'ObjectExpression')
        .flatMap((each) => each.properties);
      for (const { type, key, value } of options) {
        if (type === 'Property' && key.name === 'env' && value.type === 'ObjectExpression') report(value);
      }
    },
  }),
);

export default {
  meta: { name: 'hearthkey' },
  rules: { 'no-enum': noEnum, 'own-environment': ownEnvironment },
};
