using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Maintenance;
using IncidentActors.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Maintenance;

/// <summary>Idempotency keys hold for their time and then no more; whatever is under way does not depend on them.</summary>
public sealed class KeySweepTests : IAsyncDisposable
{
    private readonly TestEngine engine = new();
    private readonly FakeTimeProvider clock = TestClock.Start();
    private readonly KeySweep sweep;

    public KeySweepTests() => sweep = new KeySweep(engine.Journal, engine.Options with { Time = clock }, NullLogger.Instance);

    public async ValueTask DisposeAsync()
    {
        await sweep.DisposeAsync();
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task A_key_gives_its_first_answer_for_seven_days()
    {
        Assert.Equal(TimeSpan.FromDays(7), engine.Options.KeyRetention);
        await OkAsync(CreateAsync("AT-1", "k"));
        await engine.PassAsync(engine.Options.KeyRetention);
        Assert.Equal(0, await SweepAsync());
        Assert.True((await OkAsync(CreateAsync("AT-1", "k"))).Replayed);

        await engine.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await SweepAsync());
        await RefusedAsync(CreateAsync("AT-1", "k"), Rules.AtpExists);
        Assert.False((await OkAsync(CreateAsync("AT-2", "k"))).Replayed);
    }

    [Fact]
    public async Task However_many_there_are_all_that_are_old_go()
    {
        for (var i = 0; i < (2 * KeySweep.Piece) + 7; i++) await OkAsync(CreateAsync($"AT-{i}", $"k{i}"));
        await engine.PassAsync(TimeSpan.FromDays(8));
        await OkAsync(CreateAsync("AT-YOUNG", "young"));
        Assert.Equal((2 * KeySweep.Piece) + 7, await SweepAsync());
        Assert.True((await OkAsync(CreateAsync("AT-YOUNG", "young"))).Replayed);
    }

    /// <summary>At the engine's time; the sweep's own timer does not ring.</summary>
    private Task<int> SweepAsync()
    {
        clock.AdjustTime(engine.Time.GetUtcNow());
        return sweep.SweepAsync(default);
    }

    private Task<Outcome> CreateAsync(string id, string key) => engine.Atp(id).DoAsync(new CreateAtp("A thing", Flow: "standard"), By("@dev", key));
}
