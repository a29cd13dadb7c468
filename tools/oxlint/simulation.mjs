// The one rule for simulation packages that oxlint does not have built in.
export default {
  meta: { name: "simulation" },
  rules: {
    "no-for-in": {
      create: (context) => ({
        ForInStatement(node) {
          context.report({
            node,
            message: "for..in walks a prototype chain too: use for..of over Object.keys, or an array.",
          });
        },
      }),
    },
  },
};
