using IncidentActors.Testing;
using Microsoft.Playwright;

namespace IncidentActors.Pages.Tests;

/// <summary>One Chromium for all tests; each has contexts of its own, which share nothing.</summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>
    /// Milliseconds for whatever is waited for. Playwright's own are 5 s to see something and 30 s to do it, less than a busy machine stands still.
    /// </summary>
    private const float WaitTimeout = 120_000;

    private IPlaywright? playwright;
    private IBrowser? chromium;

    public async Task InitializeAsync()
    {
        if (Lane.Skip(() => new NeedsChromiumAttribute().Missing) is not null) return;
        Assertions.SetDefaultExpectTimeout(WaitTimeout);
        playwright = await Playwright.CreateAsync();
        chromium = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = NeedsChromiumAttribute.Program,
            Timeout = WaitTimeout,
            Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [],
        });
    }

    /// <summary>A window of somebody else: other cookies, other storage.</summary>
    public async Task<IBrowserContext> WindowAsync(BrowserNewContextOptions? options = null)
    {
        var window = await chromium!.NewContextAsync(
            options ?? new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 900 } });
        window.SetDefaultTimeout(WaitTimeout);
        return window;
    }

    public async Task DisposeAsync()
    {
        if (chromium is not null) await chromium.DisposeAsync();
        playwright?.Dispose();
    }
}

[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<Browser>
{
    public const string Name = "Browser";
}
