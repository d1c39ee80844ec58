using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Playwright;

namespace IncidentActors.Pages.Tests;

/// <summary>Pictures of every page at three widths. <c>UPDATE_IMAGES=1</c> renews those under docs/images.</summary>
[Collection(BrowserTests.Name)]
public sealed class PicturesTests(Browser browser)
{
    private const int LargestBytes = 100_000;

    /// <summary>Between two rows of a drill that is watched, in milliseconds.</summary>
    private static readonly int[] Moments = [3000, 20_000];

    /// <summary>Percent.</summary>
    private static readonly int[] Qualities = [70, 50, 30, 15, 8];

    private static readonly (int Width, int Height)[] Screens = [(390, 1200), (1280, 1100), (2560, 1440)];

    private static bool Renews => Environment.GetEnvironmentVariable("UPDATE_IMAGES") == "1";

    [ChromiumFact]
    public async Task Every_page_has_small_pictures_at_three_widths()
    {
        var folder = Renews ? Images() : Directory.CreateTempSubdirectory("incident-images-").FullName;
        Directory.CreateDirectory(folder);
        await using var room = await WarRoom.OpenAsync(browser);
        var pages = await PagesUnderTest.FillAsync(room);
        foreach (var (width, height) in Screens)
        {
            // The phone is held in the dark.
            var page = await room.SitAsync(
                "@operator",
                new BrowserNewContextOptions
                {
                    ViewportSize = new ViewportSize { Width = width, Height = height },
                    ColorScheme = width < 1000 ? ColorScheme.Dark : ColorScheme.Light,
                });
            foreach (var (name, path) in pages.All)
            {
                await page.GotoAsync(path);
                await Assertions.Expect(page.Locator("#link")).ToHaveTextAsync("live");
                var file = Path.Combine(folder, $"{name}-{width}.webp");
                await File.WriteAllBytesAsync(file, await ShootAsync(page));
                Assert.InRange(new FileInfo(file).Length, 2_000, LargestBytes);
            }
        }

        if (!Renews) Directory.Delete(folder, recursive: true);
    }

    /// <summary>
    /// The README's picture: a drill at the moment at which the deployment waits for its approval. Where the machine stood still through
    /// that moment, there is another drill, in which it lasts longer.
    /// </summary>
    [ChromiumFact]
    public async Task A_drill_is_watched()
    {
        byte[]? picture = null;
        foreach (var moment in Moments) picture ??= await WatchAsync(moment);
        Assert.NotNull(picture);
        Assert.InRange(picture.Length, 2_000, LargestBytes);
        if (Renews) await File.WriteAllBytesAsync(Path.Combine(Images(), "drill.webp"), picture);
    }

    /// <summary>Null: the moment was over before it was seen.</summary>
    private async Task<byte[]?> WatchAsync(int milliseconds)
    {
        var folder = Directory.CreateTempSubdirectory("incident-watch-").FullName;
        using var drill = Process.Start(new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "incident.dll"), "drill", "--watch", "--watch-delay", $"{milliseconds}",
            "--server-program", Path.Combine(AppContext.BaseDirectory, "incident-server.dll"), "--report", Path.Combine(folder, "report.md"),
        ]) { RedirectStandardOutput = true })!;
        string? address = null;
        while (address is null && await drill.StandardOutput.ReadLineAsync() is { } line)
            address = line.StartsWith("The pages: ", StringComparison.Ordinal) ? line["The pages: ".Length..].Trim() : null;
        Assert.NotNull(address);
        var rest = drill.StandardOutput.ReadToEndAsync();
        var window = await browser.WindowAsync(
            new BrowserNewContextOptions { BaseURL = address, ViewportSize = new ViewportSize { Width = 1280, Height = 860 } });
        var shooting = ShootTheApprovalAsync(await window.NewPageAsync());
        await Task.WhenAny(shooting, rest);
        if (rest.IsCompleted) await window.DisposeAsync();
        var picture = await shooting;
        await window.DisposeAsync();
        await rest;
        await drill.WaitForExitAsync();
        Assert.Equal(0, drill.ExitCode);
        Directory.Delete(folder, recursive: true);
        return picture;
    }

    /// <summary>Null: the window was closed, or nobody served the page any more, before an approval was waited for.</summary>
    private static async Task<byte[]?> ShootTheApprovalAsync(IPage page)
    {
        try
        {
            await page.GotoAsync("/");
            await Assertions.Expect(page.Locator(".card-next")).ToContainTextAsync("decides the approval");
            return await ShootAsync(page);
        }
        catch (PlaywrightException)
        {
            return null;
        }
    }

    [Fact]
    public void Docs_show_the_pages()
    {
        var there = Directory.GetFiles(Images(), "*.webp").Select(Path.GetFileName).ToHashSet();
        var wanted = new PagesUnderTest("", "", "", "", "").All
            .SelectMany(page => Screens.Select(screen => $"{page.Name}-{screen.Width}.webp"))
            .Append("drill.webp");
        Assert.Empty(wanted.Except(there!));
    }

    /// <summary>As WebP, which Chromium makes and Playwright does not ask for: the best that is small enough.</summary>
    private static async Task<byte[]> ShootAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        byte[] picture = [];
        foreach (var quality in Qualities)
        {
            var shot = await session.SendAsync("Page.captureScreenshot", new Dictionary<string, object> { ["format"] = "webp", ["quality"] = quality });
            picture = Convert.FromBase64String(shot!.Value.GetProperty("data").GetString()!);
            if (picture.Length <= LargestBytes) break;
        }

        await session.DetachAsync();
        return picture;
    }

    private static string Images([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "docs", "images"));
}
