using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;

namespace IncidentActors.Core.Tests.Properties;

/// <summary>For arbitrary walks through all deciders. A failure prints its replay and the shortest walk.</summary>
public class FoldProperties
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(2026, 1121);

    [Fact]
    public void The_fold_of_the_events_as_stored_is_the_live_state() => ForAllWalks(walk =>
    {
        foreach (var (actor, history) in walk.Histories)
            Assert.Equal(Document(walk.Stage.Get(actor)!), Document(Fold(actor, null, history)));
    });

    [Fact]
    public void A_snapshot_and_the_events_behind_it_are_the_live_state() => ForAllWalks(walk =>
    {
        foreach (var (actor, history) in walk.Histories)
        {
            var cut = history.Count / 2;
            var snapshot = cut == 0 ? null
                : (IActorState)JsonSerializer.Deserialize(
                    Document(Fold(actor, null, history.Take(cut))), CoreJson.Options.GetTypeInfo(walk.Stage.Get(actor)!.GetType()))!;
            Assert.Equal(Document(walk.Stage.Get(actor)!), Document(Fold(actor, snapshot, history.Skip(cut))));
        }
    });

    [Fact]
    public void A_rejection_changes_nothing_and_says_what_is_wrong() => ForAllWalks(walk =>
    {
        foreach (var rejected in walk.Rejections)
        {
            Assert.Empty(rejected.Changes);
            Assert.Empty(rejected.Effects);
            Assert.Matches("^[a-z]+(\\.[a-z-]+)+$", rejected.Rejected!.Rule);
            Assert.EndsWith(".", rejected.Rejected.Sentence, StringComparison.Ordinal);
        }
    });

    [Fact]
    public void The_same_command_on_the_same_state_is_decided_alike() => ForAllWalks(walk => Assert.Empty(walk.Wavering));

    private static void ForAllWalks(Action<Walked> holds)
    {
        var numbers = Gen.Choose(0, 255).Select(number => (byte)number);
        var steps = numbers.Four().Select(four => new Step(four.Item1, four.Item2, four.Item3, four.Item4));
        Prop.ForAll(steps.ArrayOf(60).ToArbitrary(), (Step[] walk) =>
        {
            holds(Walked.Through(walk));
            return true;
        }).Check(Runs);
    }

    private static IActorState Fold(ActorId actor, IActorState? state, IEnumerable<(string Name, byte[] Payload, DateTimeOffset At, string By)> history) =>
        history.Aggregate(state, (folded, one) => Folds.Evolve(actor, folded, new RecordedEvent(EventTypes.Read(one.Name, one.Payload), one.At, one.By)))!;

    private static string Document(IActorState state) =>
        Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(state, CoreJson.Options.GetTypeInfo(state.GetType())));
}
