using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using IncidentActors.Testing;

namespace IncidentActors.Benchmarks.Permits;

/// <summary>
/// Grants of permits over HTTP at a steady rate beside a command that changes nothing, in turns. Both are durable: the second one keeps its
/// answer under its key, as every command does. The server is a process of its own.
/// </summary>
internal static class PermitGrants
{
    private const int PerSecond = 500;
    private const int Rounds = 4;
    private const int Agents = 200;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await MeasureAsync("SQLite", "--data", folder.Path, "--quiet");
        if (PostgresServer.Missing is { } missing) Console.WriteLine($"PostgreSQL is not measured: {missing}");
        else await MeasureAsync("PostgreSQL", "--journal", await PostgresServer.Shared.CreateDatabaseAsync(), "--quiet");
    }

    private static async Task MeasureAsync(string store, params string[] arguments)
    {
        await using var server = new ServerProcess(arguments);
        await server.StartAsync();
        var ended = (await SendAsync(server, 0, "/api/permits", new { action = "restart" })).GetProperty("id").GetString();
        Func<int, Task> grant = number => SendAsync(server, number, "/api/permits", new { action = "restart", target = $"s{number % 50}" });
        Func<int, Task> empty = number => SendAsync(server, 0, $"/api/permits/{ended}/end", new { outcome = "done" });
        await AtRateAsync(grant, WarmUp);
        await AtRateAsync(empty, WarmUp);
        List<double> grants = [], empties = [];
        for (var round = 0; round < Rounds; round++)
        {
            grants.AddRange(await AtRateAsync(grant, Round));
            empties.AddRange(await AtRateAsync(empty, Round));
        }

        Report($"grant of a permit at {PerSecond}/s, {store}", grants, "aim p99 < 10");
        Report($"empty command at {PerSecond}/s, {store}", empties, "");
    }

    /// <summary>Open loop: requests are sent when they are due, however late earlier answers are. Milliseconds of each.</summary>
    private static async Task<IReadOnlyCollection<double>> AtRateAsync(Func<int, Task> send, TimeSpan time)
    {
        var took = new ConcurrentBag<double>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var began = Stopwatch.GetTimestamp();
        var (number, running) = (0, new List<Task>());
        while (Stopwatch.GetElapsedTime(began) is var elapsed && elapsed < time)
        {
            for (var due = elapsed.TotalSeconds * PerSecond; number < due; number++) running.Add(OneAsync(number));
            running.RemoveAll(task => task.IsCompletedSuccessfully);
            await timer.WaitForNextTickAsync();
        }

        await Task.WhenAll(running);
        return took;

        async Task OneAsync(int one)
        {
            var sent = Stopwatch.GetTimestamp();
            await send(one);
            took.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }
    }

    private static async Task<JsonElement> SendAsync(ServerProcess server, int number, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Agent", string.Create(CultureInfo.InvariantCulture, $"@a{number % Agents}"));
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
        using var answer = await server.Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static void Report(string what, List<double> samples, string aim)
    {
        samples.Sort();
        Table.Row($"{what}, p50", Table.Percentile(samples, 0.50), "ms");
        Table.Row($"{what}, p99", Table.Percentile(samples, 0.99), "ms", aim);
    }
}
