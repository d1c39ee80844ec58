using System.CommandLine;
using IncidentActors.Cli;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;

namespace IncidentActors.Server.Tests.Cli;

/// <summary>Every verb of the command line, by its path: <c>incident halt status</c>.</summary>
internal static class EveryVerb
{
    /// <summary>Verbs that do something else than ask a server.</summary>
    private static readonly string[] Local =
    [
        "drill", "mcp", "completion", "check", "export", "import", "guard", "gate", "claude-code", "codex", "cursor", "pre-push", "pre-receive", "rehearse",
        "mcp-gateway", "test", "init",
    ];

    private static readonly string[] Shipped = ["incident flows show", "incident routes show"];

    public static TheoryData<string> All => [.. Leaves().Select(UsageErrors.Path)];

    public static TheoryData<string> Asking => [.. Leaves().Where(verb => !Local.Contains(verb.Name)).Select(UsageErrors.Path)];

    /// <summary>Those that show what a server answered: shipped flows and routes are shown from the program itself.</summary>
    public static TheoryData<string> Showing =>
        [.. Leaves().Where(verb => !Local.Contains(verb.Name)).Select(UsageErrors.Path).Where(path => !Shipped.Contains(path))];

    private static IEnumerable<Command> Leaves()
    {
        static IEnumerable<Command> Below(Command command) => command.Subcommands.SelectMany(Below).Concat(command is VerbCommand ? [command] : []);
        return Below(CommandLine.Root(Terminal.Real()));
    }

    /// <summary>The verb with something in every place that must not be empty.</summary>
    public static IEnumerable<string> Sample(string path)
    {
        var verb = Leaves().First(one => UsageErrors.Path(one) == path);
        return
        [
            .. path.Split(' ')[1..], .. verb.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0).Select(argument => Value(argument.Name)),
            .. verb.Options.Where(option => option.Required || option.Name == "--reason").SelectMany(option => new[] { option.Name, Value(option.Name) }),
            .. path == "incident inbox" || path == "incident agent" ? new[] { "@pm" } : [],
            .. path == "incident declare" ? new[] { "--severity", "SEV-1" } : [],
        ];
    }

    private static string Value(string name) => name switch
    {
        "scope" => "all",
        "severity" => "SEV-1",
        "handle" or "--to" => "@dev",
        "--type" => "Blocker",
        "number" => "1",
        "outcome" => "done",
        "name" => "emergency",
        _ => "INC-1",
    };
}
