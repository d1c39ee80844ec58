using System.Collections.Immutable;

namespace IncidentActors.Core.Incidents.Lifecycle;

/// <summary>Who may give a command to an incident.</summary>
public enum LifecycleRole
{
    Anyone,

    /// <summary>Its commander and responders, the operator, and the owner who overrides.</summary>
    OnIncident,

    /// <summary>Its commander, the operator, and the owner who overrides.</summary>
    Commander,
}

/// <summary>One command of an incident: when it is accepted, from whom, and what it leads to in the same commit.</summary>
/// <param name="From">Statuses in which it is accepted.</param>
/// <param name="To">The status that it leads to; null if the status stays.</param>
/// <param name="Needs">What must be true, in words.</param>
/// <param name="LeadsTo">What becomes of ATPs, halts, clocks, messages and obligations, in words.</param>
public sealed record LifecycleRow(
    string Command, ImmutableArray<IncidentStatus> From, IncidentStatus? To, LifecycleRole By, string Needs, string LeadsTo);
