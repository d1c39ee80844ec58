using System.Collections.Immutable;

namespace IncidentActors.Core.Incidents;

/// <summary>What halts, clocks and notices say of an incident, also while the decision that declares it is still being made.</summary>
internal readonly record struct IncidentBrief(string Id, string Title, string Commander, Severity Severity, ImmutableSortedDictionary<string, string> Labels)
{
    public static IncidentBrief Of(IncidentState state) => new(state.Id, state.Title, state.Commander, state.Severity, state.Labels);

    public static IncidentBrief Of(string id, IncidentDeclared declared) => new(id, declared.Title, declared.Commander, declared.Severity, declared.Labels);
}
