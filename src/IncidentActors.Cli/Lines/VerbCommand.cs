using System.CommandLine;

namespace IncidentActors.Cli.Lines;

/// <summary>A verb with what must hold of its command line as a whole, beside what each argument and option checks by itself.</summary>
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
