using System.Collections.Immutable;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Agents;

/// <summary>Who there is: handles with their roles, and who responds to what. A data file; the shipped one is seed 003's.</summary>
public sealed record Roster(ImmutableArray<RosterMember> Members, ImmutableArray<RosterDuty> Duties)
{
    private readonly ImmutableDictionary<string, RosterMember> byHandle = Members.ToImmutableDictionary(member => member.Handle);

    public RosterMember? Find(string handle) => byHandle.GetValueOrDefault(handle);

    /// <summary>The handle for a role: <c>@role</c> if it has the role, else the first member that has it, else <c>@role</c>.</summary>
    public string HandleFor(string role) =>
        role.StartsWith('@')
            ? role
            : Members.FirstOrDefault(member => member.Handle == "@" + role && member.Roles.Contains(role))?.Handle
              ?? Members.FirstOrDefault(member => member.Roles.Contains(role))?.Handle
              ?? "@" + role;

    /// <summary>Who may decide in the place of whom, for a time.</summary>
    public ImmutableArray<Delegation> Delegations { get; init; } = [];

    /// <summary>Those who have the role and whose decisions the handle may make at the time.</summary>
    public IEnumerable<string> Delegators(string handle, string role, DateTimeOffset at) => Delegations
        .Where(one => one.To == handle && one.Role == role && one.From != handle && one.Since <= at && at < one.Until)
        .Select(one => one.From);

    /// <summary>How many different persons have the role, the handles of one person counted once.</summary>
    public int Persons(string role) => Members.Where(member => member.Roles.Contains(role)).Select(member => Holder(member.Handle)).Distinct().Count();

    /// <summary>The handles are one, or belong to one person: what one of them asked for the other does not decide.</summary>
    public bool IsSamePerson(string one, string? other) => other is not null && Holder(one) == Holder(other);

    private string Holder(string handle) => Find(handle)?.Of ?? handle;

    public RosterDuty? Duty(IncidentCategory category) => Duties.FirstOrDefault(duty => duty.Category == category);

    /// <summary>Roles of a handle that calls for the first time: the roster's, else the role of its own name. Nobody becomes operator
    /// or owner by a name.</summary>
    public ImmutableArray<string> RolesOf(string handle) =>
        Find(handle)?.Roles ?? (handle[1..] is Roles.Operator or Roles.Owner ? [] : [handle[1..]]);
}

/// <param name="Title">What the member is called: <c>Site reliability</c>.</param>
/// <param name="Person">A person, not a program: the message boundary does not apply.</param>
/// <param name="Of">The handle of the person to whom this one belongs; both are one when something must be decided by another person.</param>
public sealed record RosterMember(string Handle, string? Title, ImmutableArray<string> Roles, string? Team, string? Contact, bool Person = false,
    string? Of = null);

/// <summary>For a limited time one member decides for another the approvals addressed to a role.</summary>
/// <param name="From">Has the role, and may decide itself too.</param>
/// <param name="Until">UTC; not included.</param>
public sealed record Delegation(string From, string To, string Role, DateTimeOffset Since, DateTimeOffset Until);

/// <param name="Immediately">The whole chain is notified at once instead of step by step (seed 003: financial error).</param>
public sealed record RosterDuty(
    IncidentCategory Category, ImmutableArray<string> FirstResponders, ImmutableArray<string> Escalation, bool Immediately);
