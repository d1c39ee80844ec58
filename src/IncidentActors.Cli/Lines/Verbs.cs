using System.CommandLine;
using System.Text.Json;
using IncidentActors.Cli.Terminals;

namespace IncidentActors.Cli.Lines;

/// <summary>Makes verbs: a command, what it takes, and what it does.</summary>
internal sealed class Verbs(Terminal terminal, GlobalOptions options)
{
    public Terminal Terminal => terminal;

    /// <summary>A verb that changes something: it needs a caller.</summary>
    public VerbCommand Acting(string name, string description, IEnumerable<Symbol> takes, Func<Line, CancellationToken, Task<int>> does) =>
        Make(name, description, takes, does).With(parsed =>
        {
            using var line = new Line(terminal, parsed, options);
            return line.NamesCaller ? null : "The caller is missing: give --agent @HANDLE or INCIDENT_AGENT, with tokens --token or INCIDENT_TOKEN.";
        });

    /// <param name="does">Gives the exit code.</param>
    public VerbCommand Make(string name, string description, IEnumerable<Symbol> takes, Func<Line, CancellationToken, Task<int>> does)
    {
        var command = new VerbCommand(name, description);
        foreach (var symbol in takes)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else if (symbol is Option option) command.Options.Add(option);
            else command.Subcommands.Add((Command)symbol);
        }

        command.SetAction(async (parsed, cancel) =>
        {
            using var line = new Line(terminal, parsed, options);
            if (line.AddressProblem is { } problem) return line.Fail(ExitCodes.Usage, problem);
            try
            {
                return await does(line, cancel);
            }
            catch (JsonException error)
            {
                return line.Misread(error);
            }
        });
        return command;
    }

    /// <summary>A command that groups others; alone it does what the first of them does, if that needs nothing.</summary>
    public static Command Group(string name, string description, params ReadOnlySpan<Command> verbs)
    {
        var command = new Command(name, description);
        foreach (var verb in verbs) command.Subcommands.Add(verb);
        if (verbs[0].Arguments.All(argument => argument.Arity.MinimumNumberOfValues == 0)) command.Action = verbs[0].Action;
        return command;
    }
}
