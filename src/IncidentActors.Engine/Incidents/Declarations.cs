using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Incidents;

/// <summary>
/// Declaring is idempotent: while an incident with the same deduplication key, alert group or alert is ongoing, it is the answer (SPEC §2). Runs on
/// the node that is asked, also in a cluster: the claims of the journal give each name to one incident.
/// </summary>
public sealed class Declarations(Turns.Turns turns)
{
    /// <summary>Races for a name that are followed to the winner before the caller is told to come again.</summary>
    private const int MostRedirects = 8;

    /// <summary>Declares, or joins the ongoing incident that holds one of the names. The answer is an incident view whose <c>created</c> tells
    /// which; a known idempotency key gives its first answer, whatever has become of the incident since.</summary>
    public async Task<Outcome> DeclareAsync(DeclareIncident declare, Call call)
    {
        try
        {
            return await DeclareOrJoinAsync(declare, call);
        }
        catch (JournalUnavailableException error)
        {
            return Turns.Turns.Unavailable(error);
        }
    }

    /// <summary>The first answer to what a source of alerts has sent under this key (<see cref="Call.Sent"/>), or null: it is new.</summary>
    public async Task<Outcome?> FirstAnswerAsync(Call call)
    {
        try
        {
            return await turns.FirstAnswerAsync(call, CancellationToken.None);
        }
        catch (JournalUnavailableException error)
        {
            return Turns.Turns.Unavailable(error);
        }
    }

    private async Task<Outcome> DeclareOrJoinAsync(DeclareIncident declare, Call call)
    {
        if (await FirstAnswerAsync(declare, call) is { } first) return first;
        for (var i = 0; i < MostRedirects; i++)
        {
            var ongoing = await OngoingAsync(declare);
            var result = ongoing is not null
                ? await JoinAsync(ongoing, declare, call)
                : await new IncidentActor(NewId(call), turns).TakeAsync(declare, call);
            if (result.Taken is null && !IsOver(result.Outcome)) return result.Outcome;
        }

        return new Unavailable(
            "The incident is being declared by others at this moment; send it again with the same key.",
            TimeSpan.FromSeconds(1),
            Known: true);
    }

    /// <summary>Joins alerts to the ongoing incident that has their group or one of them; null: there is none, and none is declared.</summary>
    public async Task<Outcome?> JoinAsync(JoinAlerts join, Call call)
    {
        try
        {
            return await JoinOngoingAsync(join, call);
        }
        catch (JournalUnavailableException error)
        {
            return Turns.Turns.Unavailable(error);
        }
    }

    private async Task<Outcome?> JoinOngoingAsync(JoinAlerts join, Call call)
    {
        for (var i = 0; i < MostRedirects; i++)
        {
            if (await HolderAsync(null, join.Group, join.Alerts) is not { } ongoing) return null;
            var (own, refused) = await OwnPartAsync(ongoing, join, call);
            if (refused is not null) return refused;
            var result = await new IncidentActor(ongoing, turns).TakeAsync(own, call);
            if (result.Taken is null && !IsOver(result.Outcome)) return result.Outcome;
        }

        return new Unavailable("The incident is being changed by others at this moment; send the alerts again.", TimeSpan.FromSeconds(1), Known: true);
    }

    private async Task<TurnResult> JoinAsync(string ongoing, DeclareIncident declare, Call call)
    {
        var join = new JoinAlerts(declare.Group, declare.Alerts, declare.Severity, declare.Labels, declare.Truncated, declare.Signals);
        var (own, refused) = await OwnPartAsync(ongoing, join, call);
        if (refused is not null) return new TurnResult(refused);
        var incident = new IncidentActor(ongoing, turns);
        var joined = await incident.JoinAsync(declare, own, call);

        // Whoever is halted raises no severity, and learns of the incident all the same.
        return joined.Fenced is null ? joined : await incident.JoinAsync(declare, own with { Severity = null }, call);
    }

    /// <summary>What of the news is not another incident's: alerts that other ongoing ones have are told to those. Or why they could not be told.</summary>
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
            var result = await new IncidentActor(other.Key, turns).TakeAsync(part, call with { Key = null });
            if (IsOver(result.Outcome)) continue;
            if (result.Outcome is not Accepted) return (join, result.Outcome);
            told.UnionWith(other.Select(alert => alert.Fingerprint));
        }

        return (join with
        {
            Alerts = told.Count == 0 ? join.Alerts : [.. join.Alerts.Where(alert => !told.Contains(alert.Fingerprint))],
            Group = group is not null && holders.TryGetValue(group, out var grouped) && grouped.Key != incident ? null : join.Group,
        }, null);
    }

    /// <summary>The incident has ended since it was found.</summary>
    private static bool IsOver(Outcome outcome) => outcome is Rejected { Rule: Rules.IncidentStatus };

    private async Task<Outcome?> FirstAnswerAsync(DeclareIncident declare, Call call) =>
        (await turns.FirstAnswerAsync(new IncidentActor("", turns).Request(declare, call), CancellationToken.None))?.Outcome;

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
