using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Postgres;

/// <summary>
/// Divides a call into transactions. Within one, no turn depends on whether an earlier one succeeds, except by expecting the
/// version that it leaves: so the whole segment can be written at once. A turn with a halt is a segment by itself.
/// </summary>
internal sealed class Segments
{
    private readonly Dictionary<ActorId, long> versions = [];
    private readonly HashSet<string> names = [];

    /// <summary>Ranges of indices, in order, that cover all turns.</summary>
    public static IEnumerable<Range> Of(IReadOnlyList<TurnRecord> turns)
    {
        var segment = new Segments();
        var start = 0;
        for (var i = 0; i < turns.Count; i++)
        {
            var alone = !turns[i].Halts.IsEmpty || (i > start && !turns[i - 1].Halts.IsEmpty);
            if (i > start && (alone || !segment.TryAdd(turns[i])))
            {
                yield return start..i;
                start = i;
                segment = new Segments();
                segment.TryAdd(turns[i]);
            }
            else if (i == start)
            {
                segment.TryAdd(turns[i]);
            }
        }

        if (start < turns.Count) yield return start..turns.Count;
    }

    private bool TryAdd(TurnRecord turn)
    {
        foreach (var append in turn.Appends)
        {
            if (versions.TryGetValue(append.Actor, out var version) && version != append.ExpectedVersion) return false;
        }

        foreach (var guard in turn.Guards)
        {
            if (versions.TryGetValue(guard.Actor, out var version) && version != guard.Version) return false;
        }

        if (!AllNew(turn)) return false;
        foreach (var guard in turn.Guards) versions[guard.Actor] = guard.Version;
        foreach (var append in turn.Appends) versions[append.Actor] = append.ExpectedVersion + append.Events.Length;
        return true;
    }

    /// <summary>Keys, effects, claims and messages are touched by one turn only. Prefixes keep the kinds apart in one set.</summary>
    private bool AllNew(TurnRecord turn)
    {
        var own = new HashSet<string>();
        if (turn.Answer is { } answer) own.Add("k" + answer.Key);
        if (turn.Consumes is { } consumed) own.Add("e" + consumed.EffectId);
        foreach (var id in turn.Cancels) own.Add("e" + id);
        foreach (var effect in turn.Effects) own.Add("e" + effect.Id);
        foreach (var claim in turn.Claims) own.Add("c" + claim.Name);
        foreach (var release in turn.Releases) own.Add("c" + release.Name);
        foreach (var message in turn.Messages) own.Add("m" + message.Id);
        foreach (var ack in turn.Acks) own.Add("m" + ack.MessageId);
        if (names.Overlaps(own)) return false;
        names.UnionWith(own);
        return true;
    }
}
