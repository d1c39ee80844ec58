using System.Collections.Immutable;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Agents;

/// <summary>Who there is: handles with their roles, and who responds to what (SPEC §4). A data file; the shipped one is seed 003's.</summary>
public sealed record Roster(ImmutableArray<RosterMember> Members, ImmutableArray<RosterDuty> Duties)
{
    private readonly ImmutableDictionary<string, RosterMember> byHandle = Members.ToImmutableDictionary(member => member.Handle);

    public RosterMember? Find(string handle) => byHandle.GetValueOrDefault(handle);

    /// <summary>The handle that stands for a role: the first in the file that has it; without one, the role's own name.</summary>
    public string HandleFor(string role) =>
        role.StartsWith('@')
            ? role
            : Members.FirstOrDefault(member => member.Handle == "@" + role && member.Roles.Contains(role))?.Handle
              ?? Members.FirstOrDefault(member => member.Roles.Contains(role))?.Handle
              ?? "@" + role;

    public RosterDuty? Duty(IncidentCategory category) => Duties.FirstOrDefault(duty => duty.Category == category);

    /// <summary>Roles of a handle that calls for the first time: the roster's, else the role of its own name. Nobody becomes operator
    /// or owner by a name.</summary>
    public ImmutableArray<string> RolesOf(string handle) =>
        Find(handle)?.Roles ?? (handle[1..] is Roles.Operator or Roles.Owner ? [] : [handle[1..]]);
}

/// <param name="Title">The person's title: <c>The Hornet</c>.</param>
public sealed record RosterMember(string Handle, string? Title, ImmutableArray<string> Roles, string? Team, string? Contact);

/// <param name="Immediately">The whole chain is told at once instead of step by step (seed 003: financial error).</param>
public sealed record RosterDuty(
    IncidentCategory Category, ImmutableArray<string> FirstResponders, ImmutableArray<string> Escalation, bool Immediately);
