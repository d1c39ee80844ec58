using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Atps;

/// <summary>
/// What an ATP waits for: the ATPs that its detail <c>dependencies</c> names and that are not finished. Beginning without them is answered with a
/// warning and is not refused: teams begin with what is there already.
/// </summary>
public static class AtpDependencies
{
    /// <summary>Dependencies that are looked up.</summary>
    private const int MaxDependencies = 20;

    /// <summary>Ids that the detail names.</summary>
    public static IEnumerable<string> Named(AtpState atp) =>
        (atp.Details.GetValueOrDefault(DetailNames.Dependencies) ?? "").Split([' ', '\n', ',', ';', '[', ']', '"'], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word != "-" && word != atp.Id).Distinct().Take(MaxDependencies);

    /// <summary>The dependencies were given: each of them that is not finished knows who waits.</summary>
    internal static void Given(AtpTurn turn)
    {
        var open = Open(turn);
        foreach (var other in open.Select(id => AtpTurn.Of(turn.World, id, turn.Decision)))
        {
            if (other.Exists && !other.State.AwaitedBy.Contains(turn.Id)) other.Add(new AtpAwaited(turn.Id));
        }

        Wait(turn, open);
    }

    /// <summary>Work begins.</summary>
    internal static void Begun(AtpTurn turn)
    {
        var open = Open(turn);
        foreach (var id in open)
        {
            var other = turn.World.Actors.Get(ActorId.Atp(id)) as AtpState;
            turn.Decision.Warnings.Add($"{turn.Id} depends on {id}, which {(other is null ? "does not exist" : $"is {other.Status}")}.");
        }

        Wait(turn, open);
    }

    /// <summary>The ATP has ended: ATPs that wait for it continue. The owner of blocked work that waits for nothing else is notified.</summary>
    internal static void Over(AtpTurn turn)
    {
        foreach (var other in turn.State.AwaitedBy.Select(id => AtpTurn.Of(turn.World, id, turn.Decision)))
        {
            if (!other.Exists || other.State.Finished || !other.State.WaitsFor.Contains(turn.Id)) continue;
            Wait(other, other.State.WaitsFor.Remove(turn.Id));
            var owner = other.State.Owner ?? turn.World.Roster.HandleFor(Roles.Pm);
            if (other.State is { WaitsFor.IsEmpty: true, Status: AtpState.BlockedStatus } && owner != turn.Call.By)
            {
                AtpMessages.Notify(
                    other, owner, MessageType.StatusUpdate, other.State.Priority, $"{other.Id} waits for nothing any more",
                    $"{turn.Id} ({turn.State.Title}) is {turn.State.Status}. {other.Id}, {other.State.Title}, depends on nothing else that is open.");
            }
        }
    }

    private static ImmutableArray<string> Open(AtpTurn turn) =>
        [.. Named(turn.State).Where(id => turn.World.Actors.Get(ActorId.Atp(id)) is not AtpState { Finished: true })];

    private static void Wait(AtpTurn turn, ImmutableArray<string> open)
    {
        if (!open.SequenceEqual(turn.State.WaitsFor)) turn.Add(new AtpWaits(open));
    }
}
