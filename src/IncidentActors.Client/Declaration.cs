using IncidentActors.Core.Incidents;

namespace IncidentActors.Client;

/// <summary>What a declaration says besides title and severity.</summary>
public sealed class Declaration
{
    internal Declaration(DeclareIncident command) => Command = command;

    internal DeclareIncident Command { get; private set; }

    /// <summary>A name that rules and reports use, such as <c>service</c>. A second value replaces the first.</summary>
    public Declaration Label(string name, string value) => With(Command with { Labels = Command.Labels.SetItem(name, value) });

    public Declaration Category(IncidentCategory category) => With(Command with { Category = category });

    public Declaration Description(string text) => With(Command with { Description = text });

    /// <summary>When the first sign was seen. Not in the future.</summary>
    public Declaration StartedAt(DateTimeOffset time) => With(Command with { StartedAt = time });

    /// <summary>While an incident with the key is ongoing, declaring again gives that incident.</summary>
    public Declaration DeduplicationKey(string key) => With(Command with { DedupKey = key });

    /// <summary>The flow of the first ATP, instead of the severity's.</summary>
    public Declaration Flow(string name) => With(Command with { Flow = name });

    private Declaration With(DeclareIncident command)
    {
        Command = command;
        return this;
    }
}
