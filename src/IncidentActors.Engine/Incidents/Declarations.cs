using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Incidents;

/// <summary>Where incidents are declared.</summary>
public interface IDeclarations
{
    /// <summary>Declares, or joins the ongoing incident that holds one of the names. The answer is an incident view whose <c>created</c> tells
    /// which. A known idempotency key returns its first answer, regardless of later changes to the incident.</summary>
    Task<Outcome> DeclareAsync(DeclareIncident declare, Call call);

    /// <summary>Joins alerts to the ongoing incident that has their group or one of them; null if there is none. Declares nothing.</summary>
    Task<Outcome?> JoinAsync(JoinAlerts join, Call call);

    /// <summary>The first answer to what a source of alerts has sent under this key (<see cref="Call.Sent"/>); null if it is new.</summary>
    Task<Outcome?> FirstAnswerAsync(Call call);
}

/// <summary>
/// Declaring is idempotent: while an incident with the same deduplication key, alert group or alert is ongoing, it is the answer. Which one
/// is looked up here, the turns are the incidents' own, and the claims in the journal give each name to one incident.
/// </summary>
public sealed class Declarations(TurnExecutor turns, IActorDirectory actors) : IDeclarations
{
    /// <summary>Lost races for a name that are followed to the winner before the caller must retry.</summary>
    private const int MaxRedirects = 8;

    public async Task<Outcome> DeclareAsync(DeclareIncident declare, Call call)
    {
        try
        {
            return await DeclareOrJoinAsync(turns.Redactor.Clean(declare), call);
        }
        catch (JournalUnavailableException error)
        {
            return TurnExecutor.Unavailable(error);
        }
    }

    public async Task<Outcome?> FirstAnswerAsync(Call call)
    {
        try
        {
            return await turns.FirstAnswerAsync(call, CancellationToken.None);
        }
        catch (JournalUnavailableException error)
        {
            return TurnExecutor.Unavailable(error);
        }
    }

    private async Task<Outcome> DeclareOrJoinAsync(DeclareIncident declare, Call call)
    {
        call = call with { Sent = call.Sent ?? TurnExecutor.Hash(IncidentActor.DeclareIdentity, declare) };
        if (await turns.FirstAnswerAsync(call, CancellationToken.None) is { } first) return first;
        for (var i = 0; i < MaxRedirects; i++)
        {
            var ongoing = await OngoingAsync(declare);
            var outcome = ongoing is not null ? await JoinAsync(ongoing, declare, call) : await actors.Incident(NewId(call)).DoAsync(declare, call);
            if (!IsOver(outcome)) return outcome;
        }

        return new Unavailable(
            "The incident is being declared by others at this moment; send it again with the same key.",
            TimeSpan.FromSeconds(1),
            Known: true);
    }

    public async Task<Outcome?> JoinAsync(JoinAlerts join, Call call)
    {
        try
        {
            return await JoinOngoingAsync(turns.Redactor.Clean(join), call);
        }
        catch (JournalUnavailableException error)
        {
            return TurnExecutor.Unavailable(error);
        }
    }

    private async Task<Outcome?> JoinOngoingAsync(JoinAlerts join, Call call)
    {
        for (var i = 0; i < MaxRedirects; i++)
        {
            if (await HolderAsync(null, join.Group, join.Alerts) is not { } ongoing) return null;
            var (own, refused) = await OwnPartAsync(ongoing, join, call);
            if (refused is not null) return refused;
            var outcome = await actors.Incident(ongoing).DoAsync(own, call);
            if (!IsOver(outcome)) return outcome;
        }

        return new Unavailable("The incident is being changed by others at this moment; send the alerts again.", TimeSpan.FromSeconds(1), Known: true);
    }

    private async Task<Outcome> JoinAsync(string ongoing, DeclareIncident declare, Call call)
    {
        var join = new JoinAlerts(declare.Group, declare.Alerts, declare.Severity, declare.Labels, declare.Truncated, declare.Signals, declare.Source)
        {
            Declared = true,
        };
        var (own, refused) = await OwnPartAsync(ongoing, join, call);
        if (refused is not null) return refused;
        var incident = actors.Incident(ongoing);
        var joined = await incident.DoAsync(own, call);

        // A halted caller does not raise the severity, but gets the incident as the answer.
        return joined is Rejected { Kind: RejectionKind.Halted } ? await incident.DoAsync(own with { Severity = null }, call) : joined;
    }

    /// <summary>The alerts that belong to no other ongoing incident; the others are sent to theirs. Or why they could not be sent.</summary>
    private async Task<(JoinAlerts Own, Outcome? Refused)> OwnPartAsync(string incident, JoinAlerts join, Call call)
    {
        var group = join.Group is null ? null : IncidentState.GroupClaim(join.Group);
        var names = join.Alerts.Select(alert => IncidentState.AlertClaim(alert.Fingerprint));
        var holders = await turns.Journal.HoldersAsync([.. names, .. group is null ? [] : (string[])[group]], CancellationToken.None);
        var others = join.Alerts
            .Where(alert => holders.TryGetValue(IncidentState.AlertClaim(alert.Fingerprint), out var holder) && holder.Key != incident)
            .GroupBy(alert => holders[IncidentState.AlertClaim(alert.Fingerprint)].Key);
        var told = new HashSet<string>();
        foreach (var other in others)
        {
            var part = new JoinAlerts(null, [.. other], join.Severity, Truncated: join.Truncated, Signals: join.Signals);
            var outcome = await actors.Incident(other.Key).DoAsync(part, call with { Key = null });
            if (IsOver(outcome)) continue;
            if (outcome is not Accepted) return (join, outcome);
            told.UnionWith(other.Select(alert => alert.Fingerprint));
        }

        return (join with
        {
            Alerts = told.Count == 0 ? join.Alerts : [.. join.Alerts.Where(alert => !told.Contains(alert.Fingerprint))],
            Group = group is not null && holders.TryGetValue(group, out var grouped) && grouped.Key != incident ? null : join.Group,
        }, null);
    }

    /// <summary>The incident has ended since it was found, or another one has taken a name meanwhile.</summary>
    private static bool IsOver(Outcome outcome) => outcome is Rejected { Rule: Rules.IncidentStatus };

    private string NewId(Call call)
    {
        var stamped = turns.Stamp(call);
        return $"INC-{stamped.At:yyMMdd}-{stamped.Seed[..5]}";
    }

    private Task<string?> OngoingAsync(DeclareIncident declare) =>
        HolderAsync(declare.DedupKey, declare.Group, declare.Alerts);

    /// <summary>The ongoing incident that holds the key, the group or one of the alerts; or null.</summary>
    private async Task<string?> HolderAsync(string? key, string? group, ImmutableArray<AlertSeen> alerts)
    {
        var names = new List<string>();
        if (key is not null) names.Add(IncidentState.DedupClaim(key));
        if (group is not null) names.Add(IncidentState.GroupClaim(group));
        names.AddRange(alerts.Select(alert => IncidentState.AlertClaim(alert.Fingerprint)));
        var holders = await turns.Journal.HoldersAsync(names, CancellationToken.None);
        foreach (var name in names)
        {
            if (holders.TryGetValue(name, out var holder)) return holder.Key;
        }

        return null;
    }
}
