using System.Security.Cryptography;
using System.Text.Json;
using IncidentActors.Core.Atps;
using IncidentActors.Engine.Seals;
using IncidentActors.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Seals;

public sealed class SealerTests : IAsyncDisposable
{
    private readonly TestEngine engine = new();
    private readonly string file = Path.Combine(Path.GetTempPath(), $"seals-{Guid.NewGuid():n}");

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        File.Delete(file);
    }

    [Fact]
    public async Task Events_are_sealed_a_second_after_their_commit_and_the_last_ones_at_the_end()
    {
        var sealer = Make(engine.Options with { SealLog = file });
        await CreateAsync("AT-1");
        engine.Time.Advance(engine.Options.SealInterval!.Value);
        await Eventually.TrueAsync(async () => (await VerifyAsync()).Events > 0, "the first event is sealed");
        await CreateAsync("AT-2");
        await sealer.DisposeAsync();
        var verified = await VerifyAsync(await File.ReadAllLinesAsync(file));
        Assert.Empty(verified.Problems);
        Assert.Equal((2, 0, 2), (verified.Seals, verified.Late, verified.Unsigned));
        Assert.Equal(verified.Events, (await engine.Journal.FeedAsync(null, 100, null, default)).Events.Length);
    }

    [Fact]
    public async Task A_journal_that_is_older_than_its_seals_says_so()
    {
        await CreateAsync("AT-1");
        engine.Time.Advance(Sealer.LateAfter + TimeSpan.FromSeconds(1));
        await CreateAsync("AT-2");
        await SealAsync(engine.Options);
        var old = await VerifyAsync();
        Assert.Equal(old.Events, old.Late);
        await CreateAsync("AT-3");
        await SealAsync(engine.Options);
        var verified = await VerifyAsync();
        Assert.Equal((true, old.Late), (verified.Events > old.Events, verified.Late));
    }

    [Fact]
    public async Task After_a_rotation_the_seals_of_both_keys_are_verified()
    {
        foreach (var atp in (string[])["AT-1", "AT-2"])
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            await CreateAsync(atp);
            await SealAsync(engine.Options with { SealKey = key.ExportPkcs8PrivateKeyPem() });
        }

        var verified = await VerifyAsync();
        Assert.Empty(verified.Problems);
        Assert.Equal((0, 2), (verified.Unsigned, verified.Keys.Count));
    }

    [Fact]
    public async Task A_signature_of_somebody_else_and_a_rewritten_chain_are_found()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await CreateAsync("AT-1");
        await SealAsync(engine.Options with { SealKey = key.ExportPkcs8PrivateKeyPem() });
        var seal = (await SealChain.ReadAsync(engine.Journal, default).ToListAsync()).Single().Seal;
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.True(seal.SignatureHolds());
        Assert.False((seal with { Key = Convert.ToBase64String(other.ExportSubjectPublicKeyInfo()) }).SignatureHolds());
        Assert.False((seal with { Signature = null }).SignatureHolds());

        var note = JsonSerializer.Serialize(seal with { Hash = new string('0', 64) }, SealJson.Default.Seal);
        Assert.Contains("written again", Assert.Single((await VerifyAsync([note])).Problems), StringComparison.Ordinal);
        note = JsonSerializer.Serialize(seal with { Number = 9 }, SealJson.Default.Seal);
        Assert.Contains("the end of the history was removed", Assert.Single((await VerifyAsync([note])).Problems), StringComparison.Ordinal);
    }

    private Task CreateAsync(string atp) => OkAsync(engine.Atp(atp).DoAsync(new CreateAtp("work", Flow: "standard"), By("@operator")));

    private Task<VerifiedSeals> VerifyAsync(params IReadOnlyList<string> sealLog) => SealVerification.RunAsync(engine.Journal, sealLog, default);

    private async Task SealAsync(EngineOptions options)
    {
        await using var sealer = Make(options with { SealInterval = null });
        await sealer.SealAsync(default);
    }

    private Sealer Make(EngineOptions options) => new(engine.Journal, options, NullLogger.Instance);
}
