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
        var births = new List<ActorId>();
        await foreach (var line in read().WithCancellation(cancel))
        {
            if (line is not EventLine one) continue;
            if (one.Version == 1) births.Add(one.Actor);
            if (refold.See(one) is { } broken) throw new InvalidOperationException($"The events are broken: {broken}.");
        }

        yield return new HeaderLine(HeaderLine.Current);
        foreach (var actor in births)
        {
            var known = refold.Actors[actor];
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
