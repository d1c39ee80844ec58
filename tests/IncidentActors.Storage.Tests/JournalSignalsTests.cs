using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Tests;

public sealed class JournalSignalsTests
{
    [Fact]
    public void Refused_turns_and_effects_that_the_node_keeps_signal_nothing()
    {
        var own = Given.Turn() with { Effects = [Given.Effect("own") with { LeaseToken = "t", LeaseUntil = Given.Noon }] };
        var refused = Given.Raising(Given.HaltOf(HaltScope.All)) with { Effects = [Given.Effect("e")] };
        Assert.Empty(JournalSignals.Of([own, refused], [new Committed(0), new Stale(Given.Atp(1))]));
    }

    [Fact]
    public void A_clock_that_rings_after_the_next_look_wakes_nobody()
    {
        var now = Given.Turn();
        TurnRecord With(TimeSpan left) => now with { Effects = [Given.Effect("clock") with { Due = now.At + left }] };
        Assert.DoesNotContain(JournalSignal.WakeUp, JournalSignals.Of([With(JournalSignals.PollInterval)], [new Committed(1)]));
        Assert.Contains(JournalSignal.WakeUp, JournalSignals.Of([With(JournalSignals.PollInterval / 2)], [new Committed(1)]));
    }

    [Fact]
    public void A_call_signals_each_kind_once()
    {
        var turn = Given.Raising(Given.HaltOf(HaltScope.All)) with { Effects = [Given.Effect("e")] };
        Assert.Equal(
            [JournalSignal.Halt, JournalSignal.WakeUp, JournalSignal.Feed],
            JournalSignals.Of([turn, turn], [new Committed(1), new Committed(2)]));
    }
}
