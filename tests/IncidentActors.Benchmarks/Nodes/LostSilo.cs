using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using IncidentActors.Testing;

namespace IncidentActors.Benchmarks.Nodes;

/// <summary>
/// One of three silos is killed (SIGKILL) or stands still (SIGSTOP): how long until every actor has taken a command again, sent to another
/// silo with one key until it is accepted; and how long halts take meanwhile.
/// </summary>
internal static class LostSilo
{
    private const int Actors = 30;
    private static readonly int Rounds = Number("ROUNDS", 20);
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(50);

    public static async Task RunAsync()
    {
        if (PostgresServer.Missing is { } missing)
        {
            Console.WriteLine($"not run: {missing}");
            return;
        }

        await MeasureAsync("SIGKILL", stall: false);
        await MeasureAsync("SIGSTOP", stall: true);
    }

    private static async Task MeasureAsync(string signal, bool stall)
    {
        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        await using var asked = new ServerProcess("--journal", database, "--quiet");
        await using var second = new ServerProcess("--journal", database, "--quiet");
        await asked.StartAsync();
        await second.StartAsync();
        var all = new List<double>();
        var halts = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            await using var victim = new ServerProcess("--journal", database, "--quiet");
            await victim.StartAsync();
            await CreateAsync(victim, $"{signal}-{round}");
            if (stall) victim.Stall();
            else await victim.KillAsync();
            var watch = Stopwatch.StartNew();
            using var over = new CancellationTokenSource();
            var raising = RaiseAsync(asked, halts, over.Token);
            await Task.WhenAll(Enumerable.Range(0, Actors).Select(actor => NoteAsync(asked, actor, $"{signal}-{round}")));
            all.Add(watch.Elapsed.TotalSeconds);
            await over.CancelAsync();
            await raising;
            if (!stall) continue;
            victim.Resume();
            await victim.EndAsync();
        }

        all.Sort();
        halts.Sort();
        Table.Row($"{signal} to a command of every actor, p50 of {Rounds}", Table.Percentile(all, 0.5), "s", "aim: 5");
        Table.Row($"{signal} to a command of every actor, highest", all[^1], "s");
        Table.Row($"a halt raised meanwhile, p50 of {halts.Count}", Table.Percentile(halts, 0.5), "ms", "aim: 100");
        Table.Row("a halt raised meanwhile, highest", halts[^1], "ms");
    }

    /// <summary>New actors for each round, of which some live on the silo that will be lost.</summary>
    private static async Task CreateAsync(ServerProcess silo, string round)
    {
        for (var actor = 0; actor < Actors; actor++)
        {
            var work = new { atpId = Atp(round, actor), owner = Handle(round, actor), notes = "routine" };
            using var created = await SendAsync(silo, "/api/tools/atp_set", Handle(round, actor), work, $"create-{round}-{actor}");
            created.EnsureSuccessStatusCode();
        }
    }

    private static async Task NoteAsync(ServerProcess silo, int actor, string round)
    {
        using var again = new PeriodicTimer(AgainAfter);
        while (true)
        {
            using var answer = await SendAsync(
                silo, "/api/tools/atp_set", Handle(round, actor), new { atpId = Atp(round, actor), notes = "again" }, $"{round}-{actor}");
            if (answer.IsSuccessStatusCode) return;
            await again.WaitForNextTickAsync();
        }
    }

    /// <summary>Halts of an agent that does nothing, one after the other.</summary>
    private static async Task RaiseAsync(ServerProcess silo, List<double> took, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            var watch = Stopwatch.StartNew();
            using var raised = await SendAsync(silo, "/api/halts", "@operator", new { scope = "agent:@idle", reason = "measured" }, null);
            raised.EnsureSuccessStatusCode();
            took.Add(watch.Elapsed.TotalMilliseconds);
            var id = (await raised.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(CancellationToken.None)).GetProperty("id").GetString();
            using var lifted = await SendAsync(silo, $"/api/halts/{id}/lift", "@operator", new { }, null);
        }
    }

    private static Task<HttpResponseMessage> SendAsync(ServerProcess silo, string path, string by, object body, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Agent", by);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return silo.Client.SendAsync(request);
    }

    private static string Handle(string round, int actor) => $"@load{actor}-{round.ToLowerInvariant()}";

    private static string Atp(string round, int actor) => $"AT-LOAD-{round}-{actor}";

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
