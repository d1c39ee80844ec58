using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Knowledge;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Incidents;

/// <summary>Declaring is idempotent: while an incident with the same deduplication key, alert group or alert is ongoing, it is the answer (SPEC §2).</summary>
public sealed class Declarations(Turns.Turns turns)
{
    /// <summary>Races for a name that are followed to the winner before the caller is told to come again.</summary>
    private const int MostRedirects = 8;

    /// <summary>Declares, or joins the ongoing incident that holds one of the names. The answer is an incident view whose <c>created</c> tells which.</summary>
    public async Task<Outcome> DeclareAsync(DeclareIncident declare, Call call)
    {
        ImmutableArray<SimilarIncident>? similar = null;
        for (var i = 0; i < MostRedirects; i++)
        {
            if (await OngoingAsync(declare) is { } ongoing) return await JoinAsync(ongoing, declare, call);
            similar ??= await new KnowledgeBase(turns).SimilarAsync(declare, CancellationToken.None);
            var stamped = turns.Stamp(call);
            var id = $"INC-{stamped.At:yyMMdd}-{stamped.Seed[..5]}";
            var result = await new IncidentActor(id, turns).TakeAsync(declare, call, similar.Value);
            if (result.Taken is null && result.Outcome is not Rejected { Rule: Rules.IncidentStatus }) return result.Outcome;
        }

        return new Unavailable("The incident is being declared by others at this moment; send it again with the same key.", TimeSpan.FromSeconds(1), Known: true);
    }

    /// <summary>The ongoing incident that holds the declaration's key, group or one of its alerts; or null.</summary>
    private async Task<string?> OngoingAsync(DeclareIncident declare)
    {
        var names = new List<string>();
        if (declare.DedupKey is { } key) names.Add(IncidentState.DedupClaim(key));
        if (declare.Group is { } group) names.Add(IncidentState.GroupClaim(group));
        if (!declare.Alerts.IsDefault) names.AddRange(declare.Alerts.Select(alert => IncidentState.AlertClaim(alert.Fingerprint)));
        foreach (var name in names)
        {
            if (await turns.Journal.HolderAsync(name, CancellationToken.None) is { } holder) return holder.Key;
        }

        return null;
    }

    private async Task<Outcome> JoinAsync(string id, DeclareIncident declare, Call call)
    {
        var actor = new IncidentActor(id, turns);
        var alerts = declare.Alerts.IsDefault ? [] : declare.Alerts;
        var joined = await actor.DoAsync(new JoinAlerts(declare.Group, alerts, declare.Severity), call with { Key = null });
        if (joined is not Accepted accepted) return joined;
        return await actor.GetAsync() is { } view ? accepted with { Answer = Answers.Json(view with { Created = false }) } : joined;
    }
}
