using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Permits;
using IncidentActors.Engine;
using IncidentActors.Engine.Permits;
using IncidentActors.Engine.Turns;
using IncidentActors.Storage.Postgres;
using IncidentActors.Testing;

namespace IncidentActors.Benchmarks.Permits;

/// <summary>Raising a halt of everything over HTTP with no open permit, and with 100,000 that it ends.</summary>
internal static class RaiseOverPermits
{
    private const int Permits = 100_000;
    private const int Raises = 60;
    private const int WarmUp = 10;

    /// <summary>Permits that are open for the whole measurement.</summary>
    private const string Policy = "rules: [{action: \"*\", decision: allow, seconds: 3600}]\n";

    public static async Task RunAsync()
    {
        if (PostgresServer.Missing is { } missing)
        {
            Console.WriteLine($"not run: {missing}");
            return;
        }

        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "permits.yaml");
        await File.WriteAllTextAsync(file, Policy);
        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        await using var server = new ServerProcess("--journal", database, "--permits", file, "--quiet");
        await server.StartAsync();
        var none = await MedianAsync(server);
        var granting = await GrantAsync(database);
        var many = await MedianAsync(server);
        Table.Row("raise acknowledged, no open permit, p50", none, "ms");
        Table.Row($"raise acknowledged, {Permits:#,0} open permits, p50", many, "ms");
        Table.Row("p50, with permits to without", many / none, "", "aim ≤ 1.5");
        Table.Row("permits granted in one process meanwhile", Permits / granting.TotalSeconds, "per s");
    }

    private static async Task<TimeSpan> GrantAsync(string database)
    {
        await using var store = new PostgresStore(database);
        await store.OpenAsync(CancellationToken.None);
        await using var turns = new TurnExecutor(store, new EngineOptions { Permits = PermitsYaml.Parse(Policy, "permits.yaml") });
        var book = new PermitBook(turns);
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, Permits, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (number, _) =>
        {
            var call = new Call { At = default, Seed = "", By = $"@a{number % 1000}" };
            if (await book.RequestAsync(new RequestPermit("restart", $"s{number % 100}"), call) is not Accepted)
                throw new InvalidOperationException("a permit was not granted");
        });
        return Stopwatch.GetElapsedTime(began);
    }

    private static async Task<double> MedianAsync(ServerProcess server)
    {
        var took = new List<double>();
        for (var i = 0; i < WarmUp + Raises; i++)
        {
            var began = Stopwatch.GetTimestamp();
            var halt = await PostAsync(server, "/api/halts", new { scope = "all", reason = "measured" });
            if (i >= WarmUp) took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            await PostAsync(server, $"/api/halts/{halt.GetProperty("id").GetString()}/lift", new { });
        }

        took.Sort();
        return Table.Percentile(took, 0.5);
    }

    private static async Task<JsonElement> PostAsync(ServerProcess server, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Agent", "@operator");
        using var answer = await server.Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
