using System.Diagnostics;
using IncidentActors.Server.Hosting;
using Microsoft.Playwright;

namespace IncidentActors.Benchmarks.Pages;

/// <summary>
/// The pages in Chromium while the system is busy: when a page that is opened first paints, and how long after its commit an event is seen on
/// a page that is open. Server, load and browser share this machine.
/// </summary>
internal static class PagesUnderLoad
{
    private const string Chromium = "/usr/bin/chromium";
    private const int Loads = 12;
    private const int Events = 30;
    private const int WarmUp = 100;

    public static async Task RunAsync()
    {
        if (!File.Exists(Chromium))
        {
            Console.WriteLine($"left out: {Chromium} is missing (Debian: apt-get install chromium)");
            return;
        }

        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync(new ServerOptions { Port = 0, Data = folder.Path, Quiet = true });
        var load = new SteadyLoad(server.Engine);
        await load.FillAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [],
        });
        await using var window = await browser.NewContextAsync(new() { BaseURL = server.Address, ViewportSize = new() { Width = 1280, Height = 900 } });
        var incident = load.IncidentIds[0];
        await SignInAsync(window);
        string[] paths =
        [
            "/", $"/incidents/{incident}", "/inbox", "/halts", "/flows", "/flows/standard", "/figures", "/knowledge",
            $"/incidents/{incident}/replay", $"/incidents/{incident}/postmortem",
        ];
        foreach (var path in paths) await MadeAsync(window, path.Replace(incident, "{id}", StringComparison.Ordinal), path);
        using var stop = new CancellationTokenSource();
        var (running, began) = (load.RunAsync(stop.Token), Stopwatch.GetTimestamp());
        foreach (var path in paths) await PaintAsync(window, path.Replace(incident, "{id}", StringComparison.Ordinal), path);
        await AppliedAsync(window, load, incident);
        var rate = load.Sent / Stopwatch.GetElapsedTime(began).TotalSeconds;
        await stop.CancelAsync();
        await running;
        Table.Row(
            "commands that were committed meanwhile",
            rate,
            "per s",
            $"aim {SteadyLoad.PerSecond}; {SteadyLoad.Incidents} open incidents, {SteadyLoad.Atps} ATPs");
    }

    private static async Task SignInAsync(IBrowserContext window)
    {
        var page = await window.NewPageAsync();
        await page.GotoAsync("/signin");
        await page.SelectOptionAsync("select[name=handle]", "@pm");
        await page.ClickAsync("main form button.primary");
        await page.CloseAsync();
    }

    /// <summary>The server's processor time for one reading of a page, with no other work.</summary>
    private static async Task MadeAsync(IBrowserContext window, string name, string path)
    {
        for (var i = 0; i < WarmUp; i++) await window.APIRequest.GetAsync(path);
        var (before, bytes) = (Table.Cpu, 0);
        for (var i = 0; i < Events; i++) bytes = (await (await window.APIRequest.GetAsync(path)).BodyAsync()).Length;
        Table.Row($"processor time to make {name}", (Table.Cpu - before).TotalMilliseconds / Events, "ms", $"{bytes / 1024} KB");
    }

    private static async Task PaintAsync(IBrowserContext window, string name, string path)
    {
        var samples = new List<double>();
        for (var i = 0; i <= Loads; i++)
        {
            var page = await window.NewPageAsync();
            await page.GotoAsync(path);
            var painted = await page.EvaluateAsync<double>(Painted);
            if (i > 0) samples.Add(painted);
            await page.CloseAsync();
        }

        samples.Sort();
        Table.Row($"first contentful paint of {name}, p50", Table.Percentile(samples, 0.5), "ms");
        Table.Row($"first contentful paint of {name}, highest", samples[^1], "ms");
    }

    private const string Painted = """
        () => new Promise(done => new PerformanceObserver(list => {
          const one = list.getEntriesByName('first-contentful-paint')[0];
          if (one) done(one.startTime);
        }).observe({ type: 'paint', buffered: true }))
        """;

    private const string Shown = """
        text => new Promise(done => {
          const look = () => {
            if (document.body.textContent.includes(text)) done(Date.now());
            else requestAnimationFrame(look);
          };
          look();
        })
        """;

    /// <summary>Browser and server read the same clock.</summary>
    private static async Task AppliedAsync(IBrowserContext window, SteadyLoad load, string incident)
    {
        var page = await window.NewPageAsync();
        await page.GotoAsync($"/incidents/{incident}");
        await page.WaitForFunctionAsync("() => document.documentElement.dataset.link === 'live'");
        var samples = new List<double>();
        for (var i = 0; i <= Events; i++)
        {
            var text = $"Seen {Guid.NewGuid():n}";
            var seen = page.EvaluateAsync<double>(Shown, text);
            await load.NoteAsync(incident, text);
            var committed = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            var late = Math.Max(0, await seen - committed);
            if (i > 0) samples.Add(late);
        }

        samples.Sort();
        Table.Row("an event applied to an open incident page, p50", Table.Percentile(samples, 0.5), "ms", "after its commit");
        Table.Row("an event applied to an open incident page, p95", Table.Percentile(samples, 0.95), "ms");
        Table.Row("an event applied to an open incident page, highest", samples[^1], "ms");
        await page.CloseAsync();
    }
}
