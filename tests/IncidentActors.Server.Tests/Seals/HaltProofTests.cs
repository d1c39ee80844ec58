using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Permits;
using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Permits;
using IncidentActors.Engine.Seals;
using IncidentActors.Testing;
using IncidentActors.Testing.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncidentActors.Server.Tests.Seals;

/// <summary>A stranger decides from the sealed history whom a halt covered, and comes to what the fence came to.</summary>
public sealed class HaltProofTests : IAsyncLifetime
{
    private const string Halt = "HLT-1";

    private readonly string bundle = Path.GetTempFileName();
    private readonly InMemoryStore store = new();
    private readonly EngineOptions options = new() { SealInterval = null };
    private readonly Sealer sealer;
    private readonly Bench fenced;
    private readonly Bench unfenced;
    private string checkout = "";
    private string search = "";

    public HaltProofTests()
    {
        sealer = new Sealer(store, options, NullLogger.Instance);
        fenced = new Bench(store, options);
        unfenced = new Bench(new WithoutFence(store), options);
    }

    /// <summary>Two incidents, three agents, and a search that an earlier label called checkout.</summary>
    public async Task InitializeAsync()
    {
        checkout = await DeclareAsync("checkout pays twice", Severity.Sev3);
        search = await DeclareAsync("search is slow", Severity.Sev3);
        await DoneAsync(fenced.Actors.Incident(search).DoAsync(new SetLabels(Labels(("service", "search"))), By("@operator")));
        await DoneAsync(fenced.Actors.Atp("AT-EARLIER").DoAsync(new CreateAtp("before the halt", Flow: "standard"), By("@sre", "platform")));
        Assert.NotEqual(0, await sealer.SealAsync(default));
    }

    public async Task DisposeAsync()
    {
        await fenced.Actors.DisposeAsync();
        await unfenced.Actors.DisposeAsync();
        await sealer.DisposeAsync();
        await store.DisposeAsync();
        File.Delete(bundle);
    }

    /// <param name="halted">Which of the five pieces of work the fence refuses.</param>
    [Theory]
    [InlineData("team:payments", HaltMode.Enforce, "0 2 3")]
    [InlineData("service:checkout", HaltMode.Enforce, "0 3")]
    [InlineData("environment:PROD*", HaltMode.Enforce, "0 1 3")]
    [InlineData("action:deploy*", HaltMode.Enforce, "3")]
    [InlineData("service:search+team:platform", HaltMode.Enforce, "1 4")]
    [InlineData("agent:@dev+environment:production", HaltMode.Enforce, "0 3")]
    [InlineData("all", HaltMode.Outside, "3 4")]
    [InlineData("all", HaltMode.ReadOnly, "0 1 2 3")]
    public async Task What_the_fence_let_through_was_not_covered_and_what_it_refused_would_have_been_seen(string scope, HaltMode mode, string halted)
    {
        Assert.True(HaltScope.TryParse(scope, out var parsed));
        await DoneAsync(fenced.Actors.Halt(Halt).DoAsync(new RaiseHalt(parsed, "a drill", Mode: mode), By("@operator")));
        var refused = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            var outcome = await WorkAsync(fenced, i);
            if (outcome is Rejected { Rule: Rules.Halted }) refused.Add(i);
            else Assert.IsType<Accepted>(outcome);
        }

        Assert.Equal(halted, string.Join(' ', refused));
        Assert.Contains("0 covered", await ProvenAsync(0), StringComparison.Ordinal);
        await DoneAsync(WorkAsync(unfenced, refused[0]));
        Assert.Contains("was committed under the halt", await ProvenAsync(1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_lifted_is_free_and_the_rest_is_not()
    {
        await DoneAsync(fenced.Actors.Halt(Halt).DoAsync(new RaiseHalt(HaltScope.All, "a drill"), By("@operator")));
        await DoneAsync(fenced.Actors.Halt(Halt).DoAsync(new LiftHalt(Scope: new HaltScope(HaltScopeKind.Service, "search")), By("@operator")));
        await DoneAsync(WorkAsync(fenced, 1));
        Assert.Contains("0 covered", await ProvenAsync(0), StringComparison.Ordinal);
        await DoneAsync(WorkAsync(unfenced, 0));
        Assert.Contains("was committed under the halt", await ProvenAsync(1), StringComparison.Ordinal);
    }

    /// <summary>A SEV-1 halts other work; the response to another urgent incident goes on, by its people.</summary>
    [Fact]
    public async Task A_severitys_halt_spares_the_people_of_urgent_incidents()
    {
        var urgent = await DeclareAsync("mail is late", Severity.Sev2);
        var first = await DeclareAsync("all is down", Severity.Sev1, ("service", "mail"));
        var halt = (await fenced.Actors.Incident(first).GetAsync())!.Halts.Single();
        await DoneAsync(CreateAsync(fenced, "AT-URGENT", urgent, By("@pm")));
        Assert.IsType<Rejected>(await CreateAsync(fenced, "AT-OTHER", urgent, By("@qa")));
        Assert.Contains("0 covered", await ProvenAsync(0, halt), StringComparison.Ordinal);
        await DoneAsync(CreateAsync(unfenced, "AT-OTHER", urgent, By("@qa")));
        Assert.Contains("by @qa was committed under the halt", await ProvenAsync(1, halt), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bundle_that_hides_or_changes_who_was_covered_is_refused()
    {
        await DoneAsync(fenced.Actors.Halt(Halt).DoAsync(new RaiseHalt(new HaltScope(HaltScopeKind.Team, "payments"), "a drill"), By("@operator")));
        await DoneAsync(WorkAsync(fenced, 1));
        await ProvenAsync(0);
        var text = await File.ReadAllTextAsync(bundle);
        await RefusedAsync(text.Replace("platform", "payments", StringComparison.Ordinal), "was changed");
        await RefusedAsync(Changed(text, seals => seals.RemoveAt(0)), "the beginning of agent/@sre is missing");
        await RefusedAsync(Changed(text, seals => seals[0]!.AsObject().Remove("events")), "events are missing between two seals");
        await RefusedAsync(
            Changed(text, seals =>
            {
                var registered = seals[0]!["events"]!.AsArray().First(one => (string)one!["actor"]! == "agent/@sre")!;
                registered.AsObject().Remove("payload");
            }),
            "content of agent/@sre is withheld");
    }

    /// <summary>Five pieces of work: three ATPs of different teams and incidents, and two outside actions.</summary>
    private Task<Outcome> WorkAsync(Bench bench, int which) => which switch
    {
        0 => CreateAsync(bench, "AT-0", checkout, By("@dev", "payments")),
        1 => CreateAsync(bench, "AT-1", search, By("@sre", "platform")),
        2 => CreateAsync(bench, "AT-2", null, By("@sre", "payments")),
        3 => bench.Permits.RequestAsync(new RequestPermit("deploy-canary", "checkout", "production"), By("@dev", "payments")),
        _ => bench.Permits.RequestAsync(new RequestPermit("query", "search", "staging"), By("@sre", "platform")),
    };

    private static Task<Outcome> CreateAsync(Bench bench, string id, string? incident, Call call) =>
        bench.Actors.Atp(id).DoAsync(new CreateAtp(id, Flow: "standard", IncidentId: incident), call);

    private async Task<string> DeclareAsync(string title, Severity severity, params (string, string)[] labels)
    {
        var declared = await fenced.Actors.Declarations.DeclareAsync(
            new DeclareIncident(title, severity, Labels: Labels([("service", "checkout"), ("environment", "production"), .. labels])), By("@operator"));
        return Assert.IsType<Accepted>(declared).Answer.GetProperty("id").GetString()!;
    }

    private static ImmutableSortedDictionary<string, string> Labels(params (string Name, string Value)[] labels)
    {
        var set = ImmutableSortedDictionary.CreateBuilder<string, string>();
        foreach (var (name, value) in labels) set[name] = value;
        return set.ToImmutable();
    }

    private static Call By(string handle, string? team = null) => new() { At = default, Seed = "", By = handle, Team = team };

    private static async Task DoneAsync(Task<Outcome> command) => Assert.IsType<Accepted>(await command);

    private async Task<string> ProvenAsync(int code, string halt = Halt)
    {
        await sealer.SealAsync(default);
        var proof = await Proofs.MakeAsync(store, ActorId.Halt(halt), default);
        await File.WriteAllBytesAsync(bundle, JsonSerializer.SerializeToUtf8Bytes(proof, SealJson.Default.ProofBundle));
        return await ProofVerifier.RunAsync(bundle, code);
    }

    private static string Changed(string text, Action<JsonArray> change)
    {
        var json = JsonNode.Parse(text)!;
        change(json["seals"]!.AsArray());
        return json.ToJsonString();
    }

    private async Task RefusedAsync(string forged, string why)
    {
        await File.WriteAllTextAsync(bundle, forged);
        Assert.Contains(why, await ProofVerifier.RunAsync(bundle, 1), StringComparison.Ordinal);
    }

    private sealed class Bench
    {
        public Bench(IStore store, EngineOptions options)
        {
            Actors = new InProcessActors(store, options, NullLogger.Instance);
            Permits = new PermitBook(Actors.Turns);
        }

        public InProcessActors Actors { get; }
        public PermitBook Permits { get; }
    }

    /// <summary>A server whose fence does not work.</summary>
    private sealed class WithoutFence(IStore inner) : DelegatingStore(inner)
    {
        public override Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<TurnRecord> turns, CancellationToken cancel) =>
            Inner.CommitAsync([.. turns.Select(turn => turn with { Subject = null })], cancel);

        public override Task<IReadOnlyList<HaltRecord>> HaltsAsync(DateTimeOffset? liftedAfter, CancellationToken cancel) =>
            Task.FromResult<IReadOnlyList<HaltRecord>>([]);
    }
}
