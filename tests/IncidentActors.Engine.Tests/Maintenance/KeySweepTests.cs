using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Maintenance;
using Microsoft.Extensions.Logging.Abstractions;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Maintenance;

/// <summary>Idempotency keys hold for their time and then no more; whatever is under way does not depend on them.</summary>
public sealed class KeySweepTests : IAsyncDisposable
{
    private readonly TestEngine engine = new();
    private readonly KeySweep sweep;

    public KeySweepTests() => sweep = new KeySweep((IKeyRetention)engine.Journal, engine.Options, NullLogger.Instance);

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
        Assert.Equal(0, await sweep.SweepAsync(default));
        Assert.True((await OkAsync(CreateAsync("AT-1", "k"))).Replayed);

        await engine.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await sweep.SweepAsync(default));
        await RefusedAsync(CreateAsync("AT-1", "k"), Rules.AtpExists);
        Assert.False((await OkAsync(CreateAsync("AT-2", "k"))).Replayed);
    }

    [Fact]
    public async Task However_many_there_are_all_that_are_old_go()
    {
        for (var i = 0; i < (2 * KeySweep.Piece) + 7; i++) await OkAsync(CreateAsync($"AT-{i}", $"k{i}"));
        await engine.PassAsync(TimeSpan.FromDays(8));
        await OkAsync(CreateAsync("AT-YOUNG", "young"));
        Assert.Equal((2 * KeySweep.Piece) + 7, await sweep.SweepAsync(default));
        Assert.True((await OkAsync(CreateAsync("AT-YOUNG", "young"))).Replayed);
    }

    private Task<Outcome> CreateAsync(string id, string key) => engine.Atp(id).DoAsync(new CreateAtp("A thing", Flow: "standard"), By("@dev", key));
}
