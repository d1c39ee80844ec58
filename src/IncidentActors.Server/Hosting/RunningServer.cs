using System.Net.Sockets;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Access;
using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Permits;
using IncidentActors.Engine.Records;
using IncidentActors.Server.Agents;
using IncidentActors.Server.Alerts;
using IncidentActors.Server.Approvals;
using IncidentActors.Server.Atps;
using IncidentActors.Server.Deliveries;
using IncidentActors.Server.Events;
using IncidentActors.Server.Flows;
using IncidentActors.Server.Halts;
using IncidentActors.Server.Health;
using IncidentActors.Server.Inbox;
using IncidentActors.Server.Incidents;
using IncidentActors.Server.Json;
using IncidentActors.Server.Knowledge;
using IncidentActors.Server.Mcp;
using IncidentActors.Server.Metrics;
using IncidentActors.Server.PagerDuty;
using IncidentActors.Server.Pages;
using IncidentActors.Server.Pages.SigningIn;
using IncidentActors.Server.Permits;
using IncidentActors.Server.Probes;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Routes;
using IncidentActors.Server.Runbooks;
using IncidentActors.Server.Telemetry;
using IncidentActors.Server.Tokens;
using IncidentActors.Server.Tools;
using IncidentActors.Silo;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IncidentActors.Server.Hosting;

/// <summary>A server that is ready. Disposing it stops listening, finishes turns, and closes the journal.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    /// <summary>Bodies have limits of their own (<see cref="Body"/>); up to this the rest of one that is too large is taken off the line, so that
    /// its sender reads the answer instead of a broken connection.</summary>
    private const long MaxDrained = 4L * Body.WebhookLimit;

    private readonly WebApplication app;
    private readonly IStore journal;

    private RunningServer(WebApplication app, IStore journal)
    {
        this.app = app;
        this.journal = journal;
        Engine = app.Services.GetRequiredService<RunningEngine>();
    }

    public RunningEngine Engine { get; }

    /// <summary>Everything that the server is made of.</summary>
    public IServiceProvider Services => app.Services;

    /// <summary>The cluster has taken this silo out, or it cannot go on for another reason; the server stops.</summary>
    public bool IsLost => app.Services.GetRequiredService<LostSilo>().IsLost;

    /// <summary>Callers must show a token.</summary>
    public Task<bool> GuardedAsync() => app.Services.GetRequiredService<TokenRecords>().AnyAsync(default);

    /// <summary><c>http://127.0.0.1:7070</c>.</summary>
    public string Address => app.Urls.First();

    /// <summary>Everything that it answers at.</summary>
    internal IEnumerable<RouteEndpoint> Routes => app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    /// <exception cref="StartFailure">Says why it cannot start.</exception>
    public static async Task<RunningServer> StartAsync(ServerOptions options, CancellationToken cancel = default)
    {
        options = options with { RunbookSecret = Settings.RunbookSecret(options) };
        var listening = Listening.Read(options);
        var clock = TrialClock.Of(options);
        var settings = Settings.Read(options, clock);
        using var logs = LoggerFactory.Create(logging => Logs(logging, options));
        foreach (var warning in RosterCheck.Warnings(settings.Roster, settings.Flows, settings.Runbooks))
            logs.CreateLogger("IncidentActors").RosterLacks(warning);
        var journal = await Journals.OpenAsync(options, cancel, logs.CreateLogger("IncidentActors"));
        try
        {
            clock?.Keep();
            if (clock is not null) logs.CreateLogger("IncidentActors").OnTrial(clock.Speed, clock.GetUtcNow());
            journal = options.Around?.Invoke(journal) ?? journal;
            var tokens = new TokenRecords(journal);
            if (options.FirstToken is { } secret) await FirstToken.TakeAsync(secret, tokens, settings, cancel);
            tokens.Required = Settings.Issuers(options).Issuers.Length > 0;
            listening.Check(guarded: await tokens.AnyAsync(cancel));
            listening.CheckFree();
            settings = settings with { PermitsHeldUntil = await PermitCount.HeldUntilAsync(journal, cancel) };
            return new RunningServer(await StartAsync(Build(options, settings, journal, tokens, listening), cancel), journal);
        }
        catch
        {
            await journal.DisposeAsync();
            throw;
        }
    }

    private static async Task<WebApplication> StartAsync(WebApplication app, CancellationToken cancel)
    {
        try
        {
            Map(app);
            var waits = app.Services.GetRequiredService<InboxWait>();
            app.Lifetime.ApplicationStopping.Register(waits.EndPolls);
            app.Services.GetRequiredService<ArtifactFiles>().Tighten();
            await app.StartAsync(cancel);
            return app;
        }
        catch (Exception error)
        {
            var lost = error is not SiloPortException && app.Services.GetRequiredService<LostSilo>().IsLost;
            await app.DisposeAsync();
            if (error is OperationCanceledException && cancel.IsCancellationRequested) throw;
            throw lost
                ? new StartFailure(ExitCode.Expelled, "The other silos took this one out of the cluster while it started. Start it again.")
                : Failure(error);
        }
    }

    /// <summary>Until SIGTERM, SIGINT, <see cref="DisposeAsync"/>, or the silo is lost.</summary>
    public Task WaitForShutdownAsync() => app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await journal.DisposeAsync();
    }

    private static StartFailure Failure(Exception error) => error switch
    {
        StartFailure known => known,
        SiloPortException => new StartFailure(ExitCode.Address, error.Message),
        IOException or SocketException => new StartFailure(ExitCode.Address, $"{error.Message} Choose another with --port."),
        _ => new StartFailure(ExitCode.Failed, $"The server could not start: {error}"),
    };

    private static WebApplication Build(ServerOptions options, EngineOptions settings, IStore journal, TokenRecords tokens, Listening listening)
    {
        var builder = WebApplication.CreateSlimBuilder();
        Logs(builder.Logging, options);
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ServerJson.Options.TypeInfoResolver!));
        builder.Services.AddDocument();
        var connections = new ConnectionLimits(TimeProvider.System);
        builder.Services.AddSingleton(connections).AddHostedService(_ => connections);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Limit(kestrel);
            kestrel.ConfigureEndpointDefaults(connections.Use);
            listening.Configure(kestrel);
        });
        builder.AddSilo(journal, settings, options.Silo with { Postgres = options.Journal });
        builder.AddSiloDashboard();
        // As an instance, because the container would dispose what it makes, and the store is the server's to dispose.
        builder.Services.AddSingleton<IRecords>(journal);
        Add(builder.Services, options, settings, tokens);
        return builder.Build();
    }

    private static void Add(IServiceCollection services, ServerOptions options, EngineOptions settings, TokenRecords tokens)
    {
        services.AddSingleton(options);
        services.AddSingleton<RunningEngine>();
        services.AddTelemetry(options);
        services.AddSingleton<FeedSignal>();
        services.AddSingleton(provider => new InboxLeases(provider.GetRequiredService<IStore>(), settings.Time));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<InboxWait>(provider, settings.Time));
        services.AddSingleton<PermitWatch>();
        services.AddSingleton(provider =>
        {
            var files = new ArtifactFiles(options.Data, provider.GetRequiredService<ILogger<ArtifactFiles>>());
            files.Tighten();
            return files;
        });
        services.AddSingleton(provider => new RunbookRunner(
            provider.GetRequiredService<IActorDirectory>(), settings, OutsideHttp.Client(), options.RunbookSecret!));
        services.AddHostedService(provider => provider.GetRequiredService<RunbookRunner>());
        services.AddSingleton(tokens);
        services.AddProblems();
        services.AddHealth();
        services.AddAccess(options.RequestsPerSecond, options.RequestsAtOnce, Settings.Issuers(options), options);
        services.AddSingleton<RefusedAlerts>();
        services.AddSingleton<AlertIntake>();
        services.AddHostedService(provider => provider.GetRequiredService<AlertIntake>());
        services.AddMcp();
        services.AddSingleton(options.Deliveries);
        services.AddSingleton(provider => new DeliveryRecords(provider.GetRequiredService<IStore>()));
        services.AddSingleton(new DeliveryTransport(options.Deliveries));
        services.AddSingleton<DeliveryPumps>();
        services.AddHostedService(provider => provider.GetRequiredService<DeliveryPumps>());
        if (options.Probes.Sites.Count > 0)
        {
            services.AddHostedService(provider => new SiteProber(
                provider.GetRequiredService<RunningEngine>(), options.Probes, OutsideHttp.Client()));
        }

        if (options.Reports is { } folder) services.AddHostedService(provider => new ReportFiles(folder, provider.GetRequiredService<RunningEngine>()));
        if (options.RehearseEvery is { } interval)
            services.AddHostedService(provider => new RehearsalSchedule(provider.GetRequiredService<RunningEngine>(), interval));
        if (options.EndsWithInput)
        {
            services.AddHostedService(
                provider => new EndOfInput(Console.OpenStandardInput(), provider.GetRequiredService<IHostApplicationLifetime>()));
        }
    }

    private static void Map(WebApplication app)
    {
        app.UseAnswerHeaders();
        app.UseProblems();
        RefusedAlerts.Use(app);
        app.UseHeadAsGet();
        app.UseSingleSlashes();
        app.UseRouting();
        app.UseLoopbackOnly();
        app.UseAccess();
        app.MapTokens();
        app.MapIssuers();
        app.MapPageSignIn();
        app.MapHealth();
        app.MapAlerts();
        app.MapRoutes();
        app.MapIncidents();
        app.MapTools();
        app.MapMcp();
        app.MapPagerDuty();
        app.MapSubscriptions();
        app.MapAtps();
        app.MapAgents();
        app.MapInboxStream();
        app.MapHalts();
        app.MapPermits();
        app.MapHooks();
        app.MapAdmission();
        app.MapApprovals();
        app.MapKnowledge();
        app.MapRunbooks();
        app.MapMetrics();
        app.MapSiloDashboard();
        app.MapFlows();
        app.MapEvents();
        app.MapOpenApi();
        app.MapPages();
    }

    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxDrained;
        kestrel.Limits.MaxConcurrentConnections = ConnectionLimits.MaxConnections;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
    }

    private static void Logs(ILoggingBuilder logging, ServerOptions options)
    {
        logging.ClearProviders();
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // Why the server does not start is said in one sentence by StartFailure.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        // The keys are in the journal, whose file is protected (docs/SECURITY.md).
        logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
        logging.AddFilter("ModelContextProtocol", LogLevel.Error);
        logging.AddFilter("Orleans", LogLevel.Warning);
        logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        logging.AddFilter("Orleans.Runtime.Scheduler", LogLevel.Error);
        logging.AddFilter("Orleans.Runtime.CallbackData", LogLevel.Error);
        logging.AddFilter("Polly", LogLevel.Error);
        logging.AddFilter("IncidentActors.Silo.Halts.HaltNode", LogLevel.Warning);
        if (options.Quiet) logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddTelemetry(options);
        logging.Configure(tracking => tracking.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        if (options.JsonLogs)
            logging.AddJsonConsole(console => console.IncludeScopes = true);
        else
            logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
    }
}
