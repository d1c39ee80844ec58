using System.Runtime.CompilerServices;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Maintenance;

/// <summary>Makes documents, claims, inboxes and halts again from the events; events, answers and effects stay as they are.</summary>
public static class JournalRebuild
{
    /// <summary>The lines of the rebuilt journal, to be written into an empty one.</summary>
    /// <exception cref="InvalidOperationException">The events themselves are broken (a gap in an actor's versions): nothing can be made from them.</exception>
    public static async IAsyncEnumerable<JournalLine> RunAsync(Func<IAsyncEnumerable<JournalLine>> read, [EnumeratorCancellation] CancellationToken cancel)
    {
        var refold = new Refold();
        var births = new OrderedDictionary<ActorId, ActorLine?>();
        await foreach (var line in read().WithCancellation(cancel))
        {
            if (line is ActorLine actor) births[actor.Actor] = null;
            if (line is not EventLine one) continue;
            births.TryAdd(one.Actor, null);
            if (refold.See(one) is { } broken) throw new InvalidOperationException($"The events are broken: {broken}.");
        }

        await foreach (var line in read().WithCancellation(cancel))
        {
            if (line is EventLine) break;
            if (line is ActorLine archived && refold.Archives.ContainsKey(archived.Actor)) births[archived.Actor] = archived;
        }

        yield return new HeaderLine(HeaderLine.Current);
        foreach (var (actor, archived) in births)
        {
            if (archived is not null) yield return archived;
            else if (refold.Actors.TryGetValue(actor, out var known))
                yield return new ActorLine(actor, known.Version, States.Index(known.State!), States.Write(known.State!));
        }

        await foreach (var line in read().WithCancellation(cancel))
        {
            if (line is EventLine or AnswerLine or EffectLine) yield return line;
        }

        foreach (var (name, holder) in refold.Claims()) yield return new ClaimLine(name, holder);
        foreach (var message in refold.Messages.Values) yield return message;
        foreach (var halt in refold.Halts()) yield return new HaltLine(halt);
    }
}
