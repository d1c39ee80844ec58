using System.Collections.Concurrent;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Tests;

public abstract partial class StoreSuite
{
    private static readonly HaltScope Dev = new(HaltScopeKind.Agent, "@dev");

    private static TurnRecord Covered(ActorId actor, long expected, Subject? subject = null) =>
        Given.Turn(actor, expected) with { Subject = subject ?? new Subject("@dev") };

    [SuiteFact]
    public async Task A_halt_refuses_what_it_covers_until_it_is_lifted()
    {
        var halt = Given.HaltOf(Dev);
        await MustCommitAsync(Covered(Given.Atp(1), 0));
        await MustCommitAsync(Given.Raising(halt));
        Assert.Equal(halt.Id, Assert.IsType<Fenced>(await CommitAsync(Covered(Given.Atp(1), 1))).Halt.Id);
        await MustCommitAsync(Covered(Given.Atp(2), 0, new Subject("@ops")));
        await MustCommitAsync(Given.Turn(Given.Atp(3), 0));
        Assert.Equal(1, await VersionAsync(Given.Atp(1)));

        await MustCommitAsync(Given.Raising(halt with { LiftedAt = Given.Noon.AddHours(1) }, expected: 1));
        await MustCommitAsync(Covered(Given.Atp(1), 1));
    }

    [SuiteFact]
    public async Task What_was_decided_before_a_halt_that_is_over_is_stale()
    {
        var halt = Given.HaltOf(Dev);
        var before = await Journal.HaltEpochAsync(None);
        await MustCommitAsync(Given.Turn(Given.Atp(1), 0) with { HaltEpoch = before });
        await MustCommitAsync(Given.Raising(halt));
        await MustCommitAsync(Given.Raising(halt with { LiftedAt = Given.Noon.AddHours(1) }, expected: 1));
        var after = await Journal.HaltEpochAsync(None);
        Assert.True(after > before);
        foreach (var known in new[] { before, after - 1, after + 1 })
            Assert.Equal(new Stale(null), await CommitAsync(Given.Turn(Given.Atp(1), 1) with { HaltEpoch = known }));
        await MustCommitAsync(Given.Turn(Given.Atp(1), 1) with { HaltEpoch = after });
    }

    [SuiteFact]
    public async Task Every_halt_that_one_turn_raises_stands_and_every_one_that_it_lifts_is_over()
    {
        var (dev, ops) = (Given.HaltOf(Dev, "HALT-1"), Given.HaltOf(new HaltScope(HaltScopeKind.Agent, "@ops"), "HALT-2"));
        TurnRecord Both(long expected, HaltRecord one, HaltRecord other) => Given.Turn() with
        {
            Appends = [Given.Append(ActorId.Halt("HALT-1"), expected), Given.Append(ActorId.Halt("HALT-2"), expected)], Halts = [one, other],
        };
        await MustCommitAsync(Both(0, dev, ops));
        Assert.Equal(["HALT-1", "HALT-2"], (await Journal.HaltsAsync(null, None)).Select(halt => halt.Id).Order(StringComparer.Ordinal));
        Assert.IsType<Fenced>(await CommitAsync(Covered(Given.Atp(1), 0)));
        Assert.IsType<Fenced>(await CommitAsync(Covered(Given.Atp(1), 0, new Subject("@ops"))));

        var end = Given.Noon.AddHours(1);
        await MustCommitAsync(Both(1, dev with { LiftedAt = end }, ops with { LiftedAt = end }));
        Assert.Empty(await Journal.HaltsAsync(null, None));
        await MustCommitAsync(Covered(Given.Atp(1), 0));
        await MustCommitAsync(Covered(Given.Atp(2), 0, new Subject("@ops")));
    }

    [SuiteFact]
    public async Task A_halt_spares_the_response_that_it_exempts()
    {
        await MustCommitAsync(Given.Raising(Given.HaltOf(HaltScope.All) with { Incident = "INC-1", SparesUrgent = true }));
        await MustCommitAsync(Covered(Given.Atp(1), 0, new Subject("@dev", RespondsTo: "INC-1")));
        await MustCommitAsync(Covered(Given.Atp(2), 0, new Subject("@dev", RespondsTo: "INC-2", Urgent: true)));
        Assert.IsType<Fenced>(await CommitAsync(Covered(Given.Atp(3), 0, new Subject("@dev", RespondsTo: "INC-2"))));
    }

    [SuiteFact]
    public async Task A_partial_lift_frees_its_part()
    {
        var halt = Given.HaltOf(HaltScope.All);
        await MustCommitAsync(Given.Raising(halt));
        await MustCommitAsync(Given.Raising(halt with { Lifts = [new PartialLift(Dev, Given.Noon.AddMinutes(1))] }, expected: 1));
        await MustCommitAsync(Covered(Given.Atp(1), 0));
        Assert.IsType<Fenced>(await CommitAsync(Covered(Given.Atp(2), 0, new Subject("@ops"))));
        Assert.Equal(Dev, Assert.Single(Assert.Single(await Journal.HaltsAsync(null, None)).Lifts).Scope);
    }

    [SuiteFact]
    public async Task Within_a_call_a_halt_covers_what_comes_after_it()
    {
        var results = await Journal.CommitAsync(
            [
                Covered(Given.Atp(1), 0),
                Given.Raising(Given.HaltOf(Dev)),
                Covered(Given.Atp(2), 0),
                Given.Turn(Given.Atp(3), 0),
                Given.Raising(Given.HaltOf(Dev) with { LiftedAt = Given.Noon }, expected: 1),
                Covered(Given.Atp(4), 0),
            ],
            None);
        Assert.Equal(
            [typeof(Committed), typeof(Committed), typeof(Fenced), typeof(Committed), typeof(Committed), typeof(Committed)],
            results.Select(result => result.GetType()));
        var positions = results.OfType<Committed>().Select(committed => committed.Position).ToList();
        Assert.Equal(positions.Order(), positions);
    }

    [SuiteFact]
    public async Task A_halt_that_was_refused_covers_nothing()
    {
        Assert.IsType<Stale>(await CommitAsync(Given.Raising(Given.HaltOf(HaltScope.All), expected: 3)));
        await MustCommitAsync(Covered(Given.Atp(1), 0));
    }

    [SuiteFact]
    public async Task A_fenced_effect_stays_with_its_lease()
    {
        await MustCommitAsync(Given.Turn() with { Effects = [Given.Effect("e")] });
        var due = await TakeOneAsync();
        await MustCommitAsync(Given.Raising(Given.HaltOf(Dev)));
        Assert.IsType<Fenced>(await CommitAsync(Consumes(due) with { Subject = new Subject("@dev") }));
        Assert.Equal(due.LeaseToken, (await Journal.EffectAsync("e", None))!.LeaseToken);
    }

    [SuiteFact]
    public async Task A_halt_on_another_node_covers_the_next_turn_here()
    {
        var other = await AnotherNodeAsync();
        await MustCommitAsync(Covered(Given.Atp(1), 0));
        Assert.IsType<Committed>(Assert.Single(await other.CommitAsync([Given.Raising(Given.HaltOf(Dev))], None)));
        Assert.IsType<Fenced>(await CommitAsync(Covered(Given.Atp(1), 1)));
        Assert.IsType<Committed>(Assert.Single(
            await other.CommitAsync([Given.Raising(Given.HaltOf(Dev) with { LiftedAt = Given.Noon }, expected: 1)], None)));
        await MustCommitAsync(Covered(Given.Atp(1), 1));
    }

    [SuiteFact]
    public async Task Halts_are_listed_while_active_and_after_their_lift_on_request()
    {
        var first = Given.HaltOf(Dev, "HALT-1");
        var second = Given.HaltOf(HaltScope.All, "HALT-2") with
        {
            RaisedAt = Given.Noon.AddMinutes(1), Incident = "INC-1", SparesUrgent = true,
        };
        await MustCommitAsync(Given.Raising(second));
        await MustCommitAsync(Given.Raising(first));
        Assert.Equal(["HALT-1", "HALT-2"], (await Journal.HaltsAsync(null, None)).Select(halt => halt.Id));

        await MustCommitAsync(Given.Raising(first with { LiftedAt = Given.Noon.AddHours(1) }, expected: 1));
        var active = Assert.Single(await Journal.HaltsAsync(Given.Noon.AddHours(1), None));
        Assert.Equal(second with { Lifts = active.Lifts }, active);
        Assert.Equal(["HALT-1", "HALT-2"], (await Journal.HaltsAsync(Given.Noon, None)).Select(halt => halt.Id));
    }

    /// <summary>Invariant 4 by the order that everybody can see: between a raise and its lift stands no covered turn.</summary>
    [SuiteFact]
    public async Task No_covered_turn_stands_between_a_raise_and_its_lift_whoever_commits_when()
    {
        const int Writers = 6, Rounds = 12;
        var nodes = await NodesAsync(2);
        var covered = new ConcurrentQueue<long>();
        var halted = new List<(long From, long To)>();
        using var done = new CancellationTokenSource();
        var writers = Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var version = 0L; !done.IsCancellationRequested;)
            {
                // A journal whose calls end at once would keep the thread from the others.
                await Task.Yield();
                var results = await nodes[writer % 2].CommitAsync(
                    [Covered(Given.Atp(writer), version), Given.Turn(Given.Atp(100 + writer), 0)], None);
                if (results[0] is Committed committed)
                {
                    covered.Enqueue(committed.Position);
                    version++;
                }
                else
                {
                    Assert.IsType<Fenced>(results[0]);
                }
            }
        })).ToList();

        for (var round = 0; round < Rounds; round++)
        {
            var seen = covered.Count;
            while (covered.Count < seen + Writers) await Task.Yield();
            var halt = Given.HaltOf(HaltScope.All, $"HALT-{round}");
            var raised = Assert.IsType<Committed>((await nodes[round % 2].CommitAsync([Given.Raising(halt)], None))[0]);
            var lift = Given.Raising(halt with { LiftedAt = Given.Noon }, expected: 1);
            var lifted = Assert.IsType<Committed>((await nodes[round / 2 % 2].CommitAsync([lift], None))[0]);
            halted.Add((raised.Position, lifted.Position));
        }

        await done.CancelAsync();
        await Task.WhenAll(writers);
        Assert.All(halted, halt => Assert.DoesNotContain(covered, position => position > halt.From && position < halt.To));
        var feed = (await WholeFeedAsync(page: 500)).Select(one => one.Position).ToList();
        foreach (var (from, to) in halted)
        {
            var between = feed.Skip(feed.IndexOf(from) + 1).TakeWhile(position => position != to);
            Assert.Empty(between.Intersect(covered));
        }
    }
}
