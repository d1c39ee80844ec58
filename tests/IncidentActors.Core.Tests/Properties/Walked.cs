using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;

namespace IncidentActors.Core.Tests.Properties;

/// <summary>What came of a walk: the states, every actor's history as it would be stored, every rejection.</summary>
internal sealed class Walked
{
    public Stage Stage { get; } = new();
    public Dictionary<ActorId, List<(string Name, byte[] Payload, DateTimeOffset At, string By)>> Histories { get; } = [];
    public List<Decision> Rejections { get; } = [];

    /// <summary>Commands that were decided differently the second time, on the same state.</summary>
    public List<ICommand> Wavering { get; } = [];

    public static Walked Through(IEnumerable<Step> steps)
    {
        var walked = new Walked();
        walked.Stage.Recorded = walked.Record;
        foreach (var step in steps) walked.Take(step);
        return walked;
    }

    private void Take(Step step)
    {
        var (target, command) = step.On(Stage);
        var decision = Stage.Decide(target, command, step.By);
        var again = Stage.Decide(target, command, step.By);
        if (decision.Rejected?.Rule != again.Rejected?.Rule || !Kinds(decision).SequenceEqual(Kinds(again))) Wavering.Add(command);
        if (decision.Rejected is not null)
        {
            Rejections.Add(decision);
            return;
        }

        Stage.Do(target, command, step.By);
        Stage.Pass(TimeSpan.FromSeconds(1));
    }

    private static IEnumerable<(ActorKind, Type)> Kinds(Decision decision) =>
        decision.Changes.SelectMany(change => change.Events.Select(one => (change.Actor.Kind, one.GetType())));

    private void Record(ActorId actor, RecordedEvent happened)
    {
        if (!Histories.TryGetValue(actor, out var history)) Histories[actor] = history = [];
        history.Add((EventTypes.NameOf(happened.Event), EventTypes.Write(happened.Event), happened.At, happened.By));
    }
}
