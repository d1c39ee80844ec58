using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Server.Tests.Deliveries;

/// <summary>What came to a receiver.</summary>
internal sealed record Received(string Id, string Timestamp, string Signature, string Body, int Status);

/// <summary>Somebody else's server: takes webhooks and answers as the test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication app;

    private Receiver(WebApplication app) => this.app = app;

    public ConcurrentQueue<Received> All { get; } = new();

    /// <summary>The status for a delivery, by its id.</summary>
    public Func<string, int> Answers { get; set; } = _ => 200;

    /// <summary>Where a redirect leads, or null.</summary>
    public string? Location { get; set; }
    public string Url => app.Urls.First() + "/hook";

    public IEnumerable<Received> Taken => All.Where(one => one.Status < 300);

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new Receiver(builder.Build());
        receiver.app.MapPost("/hook", receiver.TakeAsync);
        await receiver.app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var headers = http.Request.Headers;
        var id = headers["webhook-id"].ToString();
        var body = await reader.ReadToEndAsync();
        var status = Answers(id);
        All.Enqueue(new Received(id, headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(), body, status));
        http.Response.StatusCode = status;
        if (Location is not null) http.Response.Headers.Location = Location;
    }
}
