using System.CommandLine;
using System.CommandLine.Parsing;

namespace IncidentActors.Cli.Lines;

/// <summary>Says what is wrong with a command line: everything at once, but only the first thing where the rest follows from it.</summary>
internal static class UsageErrors
{
    /// <param name="args">As they were given: <c>--reason=--x</c> says that <c>--x</c> is meant as a value.</param>
    /// <returns>One sentence for each error; empty if the command line is valid.</returns>
    public static IReadOnlyList<string> Of(ParseResult parsed, IReadOnlyList<string> args)
    {
        var command = parsed.CommandResult.Command;
        var unmatched = parsed.UnmatchedTokens;
        if (command.Action is null && command.Subcommands.Count > 0) return [NoVerb(command, unmatched.Count > 0 ? unmatched[0] : null)];
        var mistaken = Mistaken(parsed, command, args);
        if (unmatched is [var first, ..] && !IsOption(first) && command.Subcommands.Count > 0 && mistaken.Count == 0)
            return [NoVerb(command, command.Arguments.Select(parsed.GetResult).FirstOrDefault(given => given?.Errors.Any() == true)?.Tokens[0].Value ?? first)];
        var hasWrongOption = mistaken.Count > 0 || unmatched.Any(IsOption);
        List<string> wrong =
        [
            .. unmatched.Where(token => IsOption(token) || !hasWrongOption).Concat(mistaken.Select(token => token.Value))
                .Select(token => NotTaken(parsed, command, token)),
            .. Missing(parsed, command),
            .. Malformed(parsed.Errors.Where(error => error.SymbolResult?.Tokens.Any(mistaken.Contains) != true)),
            .. (command as VerbCommand)?.Rules.Select(rule => rule(parsed)).OfType<string>() ?? [],
        ];
        return wrong.Count > 0 ? wrong : [.. parsed.Errors.Select(error => error.Message)];
    }

    /// <summary>The verb as it is written: <c>incident halt status</c>.</summary>
    public static string Path(Command command) =>
        command is RootCommand ? "incident" : $"{Path(command.Parents.OfType<Command>().First())} {command.Name}";

    private static string NoVerb(Command command, string? given)
    {
        var verbs = command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name).ToList();
        var all = command is RootCommand ? "" : $" It has {string.Join(", ", verbs)}.";
        if (given is null) return $"'{Path(command)}' needs a verb.{all}";
        return $"'{Path(command)}' has no verb '{given}'{(Nearest.To(given, verbs) is { } near ? $"; did you mean '{near}'?" : ".")}{all}";
    }

    private static string NotTaken(ParseResult parsed, Command command, string token)
    {
        var options = Options(parsed).Where(option => !option.Hidden).Select(option => option.Name).ToList();
        if (options.Contains(token)) return $"{Taker(parsed, command, token)} needs a value; '{token}' is an option.";
        return $"'{Path(command)}' takes no '{token}'{(IsOption(token) && Nearest.To(token, options) is { } near ? $"; did you mean '{near}'?" : ".")}";
    }

    /// <summary>The option or argument that took the token as its value.</summary>
    private static string Taker(ParseResult parsed, Command command, string token) =>
        Options(parsed).FirstOrDefault(option => parsed.GetResult(option)?.Tokens.Any(taken => taken.Value == token) == true)?.Name
        ?? command.Arguments.Where(argument => parsed.GetResult(argument)?.Tokens.Any(taken => taken.Value == token) == true)
            .Select(argument => $"<{argument.Name}>").First();

    /// <summary>Options that there are not, which an argument or an option took as its value; after <c>--</c> or <c>=</c> they are meant so.</summary>
    private static List<Token> Mistaken(ParseResult parsed, Command command, IReadOnlyList<string> args)
    {
        var meant = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).ToHashSet(ReferenceEqualityComparer.Instance);
        return
        [
            .. command.Arguments.SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? [])
                .Where(token => IsLongOption(token.Value) && !meant.Contains(token)),
            .. Options(parsed).SelectMany(option => parsed.GetResult(option)?.Tokens ?? [])
                .Where(token => IsLongOption(token.Value) && !args.Any(given => given.EndsWith($"={token.Value}", StringComparison.Ordinal))),
        ];
    }

    private static IEnumerable<string> Missing(ParseResult parsed, Command command) =>
    [
        .. command.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(argument)?.Tokens is null or { Count: 0 })
            .Select(argument => $"<{argument.Name}> is missing: {Ended(argument.Description)}"),
        .. command.Options.Where(option => option.Required && parsed.GetResult(option) is null or { Implicit: true })
            .Select(option => $"{option.Name} is missing: {Ended(option.Description)}"),
        .. Options(parsed).Where(option => option.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(option) is { Implicit: false, Tokens.Count: 0 })
            .Select(option => $"{option.Name} needs a value: {Ended(option.Description)}"),
    ];

    /// <summary>The errors of an argument or option about its value.</summary>
    private static IEnumerable<string> Malformed(IEnumerable<ParseError> errors) => errors.Select(error => error.SymbolResult switch
    {
        { Tokens.Count: 0 } => null,
        OptionResult { Option: var option, Tokens: [.., var value] } when IsNumber(option.ValueType) =>
            $"{option.Name} takes a whole number, not '{value.Value}'.",
        ArgumentResult { Parent: OptionResult { Option: var option }, Tokens: [.., var value] } when IsNumber(option.ValueType) =>
            $"{option.Name} takes a whole number, not '{value.Value}'.",
        ArgumentResult { Argument: var argument, Tokens: [.., var value] } when IsNumber(argument.ValueType) =>
            $"<{argument.Name}> must be a whole number, not '{value.Value}'.",
        OptionResult or ArgumentResult => error.Message,
        _ => null,
    }).OfType<string>();

    private static IEnumerable<Option> Options(ParseResult parsed)
    {
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult result; at = at.Parent)
        {
            foreach (var option in result.Command.Options)
            {
                if (at == parsed.CommandResult || option.Recursive) yield return option;
            }
        }
    }

    private static bool IsOption(string token) => token.Length > 1 && token[0] == '-' && !char.IsAsciiDigit(token[1]);

    /// <summary>A text may begin with a dash; a word with two is an option that somebody mistook.</summary>
    private static bool IsLongOption(string token) =>
        token.StartsWith("--", StringComparison.Ordinal) && token.Length > 2 && char.IsAsciiLetter(token[2]) && !token.Any(char.IsWhiteSpace);

    private static bool IsNumber(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var number && (number == typeof(int) || number == typeof(long));

    private static string Ended(string? description) => description is null ? "" : description.TrimEnd('.') + ".";
}
