using Microsoft.Playwright;

namespace IncidentActors.Pages.Tests;

/// <summary>One Chromium for all tests; each has contexts of its own, which share nothing.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? playwright;
    private IBrowser? chromium;

    public async Task InitializeAsync()
    {
        if (NeedsChromiumAttribute.Skip is not null) return;
        playwright = await Playwright.CreateAsync();
        chromium = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = NeedsChromiumAttribute.Program,
            Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [],
        });
    }

    /// <summary>A window of somebody else: other cookies, other storage.</summary>
    public Task<IBrowserContext> WindowAsync(BrowserNewContextOptions? options = null) => chromium!.NewContextAsync(
        options ?? new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 900 } });

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
