using System.CommandLine;

namespace IncidentActors.Cli.Lines;

/// <summary>A verb with checks of its whole command line, in addition to those of each argument and option.</summary>
internal sealed class VerbCommand(string name, string description) : Command(name, description)
{
    /// <summary>Each gives a sentence that says what is wrong, or null.</summary>
    public List<Func<ParseResult, string?>> Rules { get; } = [];

    public VerbCommand With(Func<ParseResult, string?> rule)
    {
        Rules.Add(rule);
        return this;
    }
}
