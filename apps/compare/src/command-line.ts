/** The only module that knows effect/cli: commands, options, help pages, and how wrong use is told. */
import { nearest } from "@orrery/program";
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Option from "effect/Option";
import * as Argument from "effect/cli/Argument";
import * as CliConfig from "effect/cli/CliConfig";
import type * as CliError from "effect/cli/CliError";
import * as CliOutput from "effect/cli/CliOutput";
import * as Command from "effect/cli/Command";
import * as Flag from "effect/cli/Flag";
import * as GlobalFlag from "effect/cli/GlobalFlag";
import type { ExampleDoc, HelpDoc } from "effect/cli/HelpDoc";
import { BadInput, Differs, MissingRuntime } from "./errors.ts";
import { Shell } from "./shell.ts";
import { left, type Paint, WIDTH, wrap } from "./text.ts";

export { make as command, withDescription, withExamples, withSubcommands } from "effect/cli/Command";

export const EXIT = { answered: 0, differs: 1, badInput: 2, missing: 3, defect: 70 } as const;

// ---- options ------------------------------------------------------------------------------------------------------

const described = (name: string, metavar: string, doc: string): Flag.Flag<string> =>
  Flag.String(name).pipe(Flag.withMetavar(metavar), Flag.withDescription(doc));

/** A text; undefined when it is not given. */
export const textOption = (name: string, metavar: string, doc: string): Flag.Flag<string | undefined> =>
  described(name, metavar, doc).pipe(Flag.optional, Flag.map(Option.getOrUndefined));

/** A text that must be given. */
export const neededOption = (name: string, metavar: string, doc: string): Flag.Flag<string> =>
  described(name, metavar, doc);

/** Any number of texts. */
export const textsOption = (name: string, metavar: string, doc: string): Flag.Flag<readonly string[]> =>
  described(name, metavar, doc).pipe(Flag.atLeast(0));

/** A text read by `read`, which throws what is wrong with it. */
export const readOption = <A>(
  name: string,
  metavar: string,
  doc: string,
  read: (text: string) => A,
): Flag.Flag<A | undefined> =>
  described(name, metavar, doc).pipe(
    Flag.mapTryCatch(read, (error) => (error instanceof Error ? error.message : String(error))),
    Flag.optional,
    Flag.map(Option.getOrUndefined),
  );

export const switchOption = (name: string, doc: string): Flag.Flag<boolean> =>
  Flag.Boolean(name).pipe(Flag.withDescription(doc), Flag.withDefault(false), Flag.withoutNegation);

export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    const near = Number.isFinite(value)
      ? `; the nearest is ${Math.min(max, Math.max(min, Math.round(value)))}`
      : "";
    throw new RangeError(`"${text}" is not a whole number from ${min} to ${max}${near}`);
  };

// ---- arguments ----------------------------------------------------------------------------------------------------

export const oneArgument = (name: string, doc: string): Argument.Argument<string> =>
  Argument.String(name).pipe(Argument.withDescription(doc));

export const optionalArgument = (name: string, doc: string): Argument.Argument<string | undefined> =>
  Argument.String(name).pipe(
    Argument.withDescription(doc),
    Argument.optional,
    Argument.map(Option.getOrUndefined),
  );

export const manyArguments = (name: string, doc: string): Argument.Argument<readonly string[]> =>
  Argument.String(name).pipe(Argument.withDescription(doc), Argument.variadic());

// ---- pages --------------------------------------------------------------------------------------------------------

function table(rows: readonly (readonly [name: string, doc: string])[]): string[] {
  const column = Math.min(28, Math.max(...rows.map(([name]) => name.length)));
  return rows.flatMap(([name, doc]) => {
    const first = `  ${left(name, column)}  `;
    return name.length <= column
      ? wrap(doc, WIDTH, first)
      : [`  ${name}`, ...wrap(doc, WIDTH, " ".repeat(first.length))];
  });
}

export function helpPage(doc: HelpDoc, paint: Paint): string {
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ["", paint.bold(title), ...lines];
  const flags = [...doc.flags, ...(doc.globalFlags ?? [])].map((flag): [string, string] => {
    const value = flag.type === "boolean" ? "" : ` ${flag.type}`;
    const short = flag.aliases.length === 0 ? "" : `${flag.aliases.join(", ")}, `;
    return [`${short}--${flag.name}${value}`, Option.getOrElse(flag.description, () => "")];
  });
  const args = (doc.args ?? []).map((arg): [string, string] => [
    arg.name,
    Option.getOrElse(arg.description, () => ""),
  ]);
  const commands = (doc.subcommands ?? []).flatMap((group) =>
    group.commands.map((each): [string, string] => [each.name, each.description]),
  );
  const usage = [
    (doc.commandPath ?? ["orrery"]).join(" "),
    ...(commands.length > 0 ? ["COMMAND"] : []),
    ...(doc.args ?? []).map((arg) => {
      const name = arg.variadic ? `${arg.name}...` : arg.name;
      return arg.required ? name : `[${name}]`;
    }),
    ...(flags.length > 0 ? ["[options]"] : []),
  ].join(" ");
  const example = ({ command, description = "" }: ExampleDoc): readonly string[] =>
    [`  ${command}`].concat(description === "" ? [] : wrap(description, WIDTH, "      ").map(paint.dim));
  return [
    ...wrap(doc.description),
    ...section("Usage", [`  ${usage}`]),
    ...section("Commands", commands.length === 0 ? [] : table(commands)),
    ...section("Arguments", args.length === 0 ? [] : table(args)),
    ...section("Options", flags.length === 0 ? [] : table(flags)),
    ...section("Examples", (doc.examples ?? []).flatMap(example)),
    "",
  ].join("\n");
}

function told(error: CliError.NonShowHelpErrors, doc: HelpDoc): string {
  const flags = [...doc.flags, ...(doc.globalFlags ?? [])].map((flag) => `--${flag.name}`);
  const hint = (name: string, candidates: readonly string[]): string => {
    const meant = nearest(name, candidates);
    return meant === undefined ? "" : `; did you mean ${meant}?`;
  };
  switch (error._tag) {
    case "UnrecognizedOption":
      return `there is no option ${error.option}${hint(error.option, flags)}`;
    case "UnknownSubcommand": {
      const names = (doc.subcommands ?? []).flatMap((group) => group.commands.map(({ name }) => name));
      return `there is no command "${error.subcommand}"${hint(error.subcommand, names)}`;
    }
    case "MissingOption":
      return `--${error.option} is needed`;
    case "MissingArgument":
      return `${error.argument} is needed`;
    case "InvalidValue":
      return error.value === ""
        ? `--${error.option} needs a value: ${error.expected}`
        : `${error.kind === "flag" ? `--${error.option}` : error.option}: ${error.expected}`;
    case "DuplicateOption":
      return `--${error.option} is given more than once`;
    case "UnexpectedArgument":
      return `unexpected: ${error.arguments.join(" ")}`;
    default:
      return error.message;
  }
}

const presenter = Effect.map(
  Shell,
  (shell): CliOutput.Presenter => ({
    present: (event) =>
      Effect.sync(() => {
        switch (event._tag) {
          case "Help":
            return shell.out(helpPage(event.helpDoc, shell.paint));
          case "Version":
            return shell.out(`${event.name} ${event.version}\n`);
          case "InvalidInvocation": {
            const path = event.commandPath.join(" ");
            for (const error of event.errors) shell.err(`${path}: ${told(error, event.helpDoc)}\n`);
            return shell.err(`See ${path} --help\n`);
          }
        }
      }),
  }),
);

// ---- running ------------------------------------------------------------------------------------------------------

/** Runs the command that `args` name; the value is the exit status. */
export const runCommand = <Name extends string, Input, E, R>(
  root: Command.Command<Name, Input, object, E | BadInput | Differs | MissingRuntime, R>,
  version: string,
  args: readonly string[],
): Effect.Effect<number, never, R | Shell | Command.Environment> =>
  Effect.gen(function* () {
    const shell = yield* Shell;
    const settings = Layer.mergeAll(
      CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] }),
      Layer.succeedContext(Context.make(CliOutput.Presenter, yield* presenter)),
    );
    return yield* Command.runWith(root, { version })(args).pipe(
      Effect.as(EXIT.answered as number),
      Effect.catch((error: unknown) => Effect.succeed(statusOf(error, (text) => shell.err(text)))),
      Effect.catchDefect((defect) => {
        const text = defect instanceof Error ? (defect.stack ?? defect.message) : String(defect);
        shell.err(`orrery: this is a defect of Orrery itself\n${text}\n`);
        return Effect.succeed(EXIT.defect as number);
      }),
      Effect.provide(settings),
    );
  });

function statusOf(error: unknown, say: (text: string) => void): number {
  if (error instanceof BadInput) {
    say(`orrery: ${error.message}\n`);
    return EXIT.badInput;
  }
  if (error instanceof Differs) {
    if (error.message !== "") say(`orrery: ${error.message}\n`);
    return EXIT.differs;
  }
  if (error instanceof MissingRuntime) {
    say(`orrery: ${error.message}\n`);
    return EXIT.missing;
  }
  const { errors } = error as { readonly errors?: readonly unknown[] };
  return errors?.length === 0 ? EXIT.answered : EXIT.badInput;
}
