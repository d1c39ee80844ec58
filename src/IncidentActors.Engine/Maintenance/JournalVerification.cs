using System.Text;
using IncidentActors.Core.Archives;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Archives;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Maintenance;

/// <summary>What a verification saw.</summary>
/// <param name="Problems">Sentences, at most <see cref="JournalVerification.MostProblems"/>; empty: the journal is whole.</param>
public sealed record VerifiedJournal(long Events, int Actors, int Effects, IReadOnlyList<string> Problems);

/// <summary>Checks a journal as a whole: gap-free versions, views = fold of the events, no orphaned effect.</summary>
public static class JournalVerification
{
    public const int MostProblems = 100;

    public static async Task<VerifiedJournal> RunAsync(IAsyncEnumerable<JournalLine> lines, CancellationToken cancel)
    {
        var refold = new Refold();
        var problems = new List<string>();
        var stored = new Dictionary<ActorId, ActorLine>();
        var claims = new Dictionary<string, ActorId>();
        var halts = new Dictionary<string, HaltRecord>();
        var seen = new HashSet<string>();
        var (events, effects) = (0L, 0);
        await foreach (var line in lines.WithCancellation(cancel))
        {
            switch (line)
            {
                case ActorLine actor:
                    stored[actor.Actor] = actor;
                    break;
                case EventLine one:
                    events++;
                    Note(Fold(refold, one));
                    break;
                case EffectLine effect:
                    effects++;
                    if (!refold.Actors.ContainsKey(effect.Target)) Note($"the effect {effect.Id} is for {effect.Target}, which does not exist");
                    break;
                case ClaimLine claim:
                    claims[claim.Name] = claim.Holder;
                    break;
                case MessageLine message:
                    seen.Add(message.Message.Id);
                    if (!refold.Messages.TryGetValue(message.Message.Id, out var expected)) Note($"no event sent the message {message.Message.Id}");
                    else if (expected != message) Note($"the message {message.Message.Id} is not what its events say");
                    break;
                case HaltLine halt:
                    halts[halt.Halt.Id] = halt.Halt;
                    break;
            }
        }

        foreach (var (actor, known) in refold.Actors) 
            Note(Compare(actor, known, stored.GetValueOrDefault(actor), refold.Archives.GetValueOrDefault(actor)));
        foreach (var actor in stored.Keys.Except(refold.Actors.Keys)) Note($"{actor} has a document and no event");
        foreach (var (name, holder) in refold.Claims().Where(claim => claims.GetValueOrDefault(claim.Key) != claim.Value))
            Note($"the name '{name}' of {holder} is not claimed");
        foreach (var name in claims.Keys.Except(refold.Claims().Keys)) Note($"the name '{name}' is claimed but has no owner");
        foreach (var id in refold.Messages.Keys.Except(seen)) Note($"the message {id} is in no inbox");
        foreach (var halt in refold.Halts())
        {
            if (!halts.Remove(halt.Id, out var fenced)) Note($"{halt.Id} is not among the halts that the fence checks");
            else if (!Same(halt, fenced)) Note($"the halt {halt.Id} that the fence checks is not what its events say");
        }

        foreach (var id in halts.Keys) Note($"the fence checks {id}, and no event raised it");
        return new VerifiedJournal(events, stored.Count, effects, problems);

        void Note(string? problem)
        {
            if (problem is not null && problems.Count < MostProblems) problems.Add(problem);
        }
    }

    private static bool Same(HaltRecord one, HaltRecord other) => one with { Lifts = other.Lifts } == other && one.Lifts.SequenceEqual(other.Lifts);

    private static string? Fold(Refold refold, EventLine one)
    {
        try
        {
            return refold.See(one);
        }
        catch (UnknownEventException unknown)
        {
            return $"{one.Actor} version {one.Version}: {unknown.Message}";
        }
    }

    private static string? Compare(ActorId actor, Known known, ActorLine? line, ActorArchived? archive)
    {
        if (line is null) return $"{actor} has events and no document";
        if (line.Version != known.Version) return $"the document of {actor} is of version {line.Version}, its events end at {known.Version}";
        if (archive is not null)
        {
            return ArchiveRows.Hash(line.Document.Span) == archive.Document && States.Index(States.Read(actor.Kind, line.Document.Span)) == line.Index
                ? null
                : $"the document of {actor} is not the one that was archived in {archive.File}";
        }

        return States.Write(known.State!).AsSpan().SequenceEqual(line.Document.Span) && States.Index(known.State!) == line.Index
            ? null
            : $"the document of {actor} is not the fold of its events: {Encoding.UTF8.GetString(line.Document.Span[..Math.Min(120, line.Document.Length)])}…";
    }
}
