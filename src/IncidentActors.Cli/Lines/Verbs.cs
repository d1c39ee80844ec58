using System.CommandLine;
using IncidentActors.Cli.Terminals;

namespace IncidentActors.Cli.Lines;

/// <summary>Makes verbs: a command, what it takes, and what it does.</summary>
internal sealed class Verbs(Terminal terminal, GlobalOptions options)
{
    public Terminal Terminal => terminal;

    /// <param name="does">Gives the exit code.</param>
    public Command Make(string name, string description, IEnumerable<Symbol> takes, Func<Line, CancellationToken, Task<int>> does)
    {
        var command = new Command(name, description);
        foreach (var symbol in takes)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else if (symbol is Option option) command.Options.Add(option);
            else command.Subcommands.Add((Command)symbol);
        }

        command.SetAction(async (parsed, cancel) =>
        {
            using var line = new Line(terminal, parsed, options);
            return line.AddressProblem is { } problem ? line.Fail(ExitCodes.Usage, problem) : await does(line, cancel);
        });
        return command;
    }

    /// <summary>A command that groups others; alone it does what the first of them does.</summary>
    public static Command Group(string name, string description, params ReadOnlySpan<Command> verbs)
    {
        var command = new Command(name, description);
        foreach (var verb in verbs) command.Subcommands.Add(verb);
        command.Action = verbs[0].Action;
        return command;
    }
}
