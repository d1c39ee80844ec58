using System.Text.Json;
using IncidentActors.Core.Permits;
using IncidentActors.Server.Tests.Chaos;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Permits.Proof.Checkers;
using IncidentActors.Storage.Postgres;
using IncidentActors.Testing;
using Xunit.Abstractions;

namespace IncidentActors.Server.Tests.Permits.Proof;

/// <summary>
/// Three silos on PostgreSQL, many agents with open permits, real guards among them; halts at random moments while silos are killed and
/// stopped, guards are frozen and killed, and connections are lost: no covered permit is granted after a halt, none holds after the stated
/// time, and no guarded command is alive after it. The whole of it:
/// <c>PERMIT_AGENTS=1000 PERMIT_HALTS=100 dotnet test tests/IncidentActors.Server.Tests --filter FullyQualifiedName~PermitProofTests</c>.
/// </summary>
public sealed class PermitProofTests(ITestOutputHelper output)
{
    private const int Shown = 5;
    private static readonly int Agents = Number.Of("PERMIT_AGENTS", 60);
    private static readonly int Halts = Number.Of("PERMIT_HALTS", 6);
    private static readonly int Guards = Number.Of("PERMIT_GUARDS", 5);
    private static readonly int Seed = Number.Of("PERMIT_SEED", 18);
    private static readonly PermitFault[] Faults = Enum.GetValues<PermitFault>();

    private readonly Random random = new(Seed);
    private readonly Dictionary<string, (DateTimeOffset MustEndBy, DateTimeOffset ReadAt)> stated = [];

    [PostgresFact]
    public async Task No_covered_action_outlives_the_time_that_the_halt_states()
    {
        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        await using var one = Nodes.Of(database);
        await using var two = Nodes.Of(database);
        await using var three = Nodes.Of(database);
        var fleet = new Fleet(one, two, three);
        foreach (var silo in fleet.Running) await silo.StartAsync();
        await Nodes.AssertClusterAsync(fleet.Running, database);
        await using var before = new CutProxy(one.Port);
        await using var between = new CutProxy(two.Port);
        Uri[] addresses = [one.Client.BaseAddress!, At(before.Port), At(between.Port), three.Client.BaseAddress!];
        var guarded = new GuardedCommands([.. Enumerable.Range(0, Guards).Select(number => addresses[number % addresses.Length])]);
        var nemesis = new PermitNemesis(fleet, guarded, [before, between], random);
        var load = new PermitLoad(fleet, Agents, Seed);
        using var over = new CancellationTokenSource();
        var guarding = guarded.RunAsync(over.Token);
        await load.BeginAsync();
        var work = load.WorkAsync(over.Token);
        try
        {
            await Eventually.TrueAsync(() => guarded.Commands.Count >= Guards, "the first command of every guard");
            for (var number = 1; number < Halts; number++) await RoundAsync(nemesis, number);
        }
        finally
        {
            // Everything ends under a halt of everything.
            var last = await RaiseAsync(fleet.Running, "all", "all", Halts);
            await Eventually.TrueAsync(() => QuietAsync(fleet.Running, last), "that it is quiet");
            await Eventually.TrueAsync(() => !guarded.AnyAlive, "the end of every guarded command");
            await over.CancelAsync();
            await Task.WhenAll(work, guarding);
        }

        await using var store = new PostgresStore(database);
        await store.OpenAsync(CancellationToken.None);
        var history = PermitHistory.Of(await new WholeFeed(database).ReadAsync(store));
        foreach (var (halt, (mustEndBy, readAt)) in stated) (history.Stated[halt], history.ReadAt[halt]) = (mustEndBy, readAt);
        history.Commands.AddRange(guarded.Commands);
        output.WriteLine(
            $"seed {Seed}: {Agents} agents, {history.Steps.Count(step => step.Event is PermitGranted)} permits granted, "
            + $"{history.Steps.Count(step => step.Event is PermitRenewed)} renewals, {Halts} halts, {history.Commands.Count} guarded commands");
        Assert.True(history.Steps.Count(step => step.Event is PermitGranted) >= Agents);
        Assert.DoesNotContain(history.Commands, command => command.GoneAt is null);
        Clean(NoneGrantedUnderAHalt.Violations(history));
        Clean(NoneValidAfterTheStatedTime.Violations(history));
        Clean(NoGuardedCommandAfterTheStatedTime.Violations(history));
    }

    private async Task RoundAsync(PermitNemesis nemesis, int number)
    {
        var fault = Faults[random.Next(Faults.Length)];
        var victim = nemesis.Choose(fault);
        var first = random.Next(2) == 0;
        if (first) await nemesis.StrikeAsync(fault, victim);
        var halt = await RaiseAsync(nemesis.Answering, Scope(), random.Next(3) == 0 ? "outside" : "all", number);
        if (!first) await nemesis.StrikeAsync(fault, victim);

        // Some are lifted at once: what they ended stays ended.
        if (random.Next(3) == 0) await Eventually.TrueAsync(() => QuietAsync(nemesis.Answering, halt), $"that it is quiet under {halt} ({fault})");
        await nemesis.MendAsync(fault, victim);
        (await OperatorCalls.PostAsync(nemesis.Answering, $"/api/halts/{halt}/lift", new { }, $"lift-{number}")).Dispose();
    }

    private async Task<string> RaiseAsync(IReadOnlyList<ServerProcess> through, string scope, string mode, int number)
    {
        using var raised = await OperatorCalls.PostAsync(through, "/api/halts", new { scope, mode, reason = "drill" }, $"raise-{number}");
        using var answer = JsonDocument.Parse(await raised.Content.ReadAsStringAsync());
        var halt = answer.RootElement.GetProperty("id").GetString()!;
        var permits = await PermitsAsync(through, halt);
        stated[halt] = (permits.GetProperty("mustEndBy").GetDateTimeOffset(), DateTimeOffset.UtcNow);
        return halt;
    }

    private static async Task<bool> QuietAsync(IReadOnlyList<ServerProcess> through, string halt) =>
        (await PermitsAsync(through, halt)).GetProperty("quietAt").ValueKind == JsonValueKind.String;

    private static async Task<JsonElement> PermitsAsync(IReadOnlyList<ServerProcess> through, string halt)
    {
        using var answer = await OperatorCalls.GetAsync(through, $"/api/halts/{halt}");
        using var view = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return view.RootElement.GetProperty("permits").Clone();
    }

    private string Scope() => random.Next(8) switch
    {
        0 => "all",
        1 => $"agent:{PermitLoad.Agent(random.Next(Agents))}",
        2 => $"service:{PermitLoad.Service(random.Next(Agents))}",
        3 => "environment:production",
        4 => $"service:{PermitLoad.Service(random.Next(Agents))}+environment:production",
        5 => "action:re*",
        6 => "action:shell",
        _ => $"agent:{GuardedCommands.Agent(random.Next(Guards))}",
    };

    private static void Clean(IEnumerable<string> violations)
    {
        var found = violations.ToList();
        Assert.True(found.Count == 0, $"{found.Count} violations: {string.Join(Environment.NewLine, found.Take(Shown))}");
    }

    private static Uri At(int port) => new($"http://127.0.0.1:{port}");
}
