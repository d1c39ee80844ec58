using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Server.Callers;
using IncidentActors.Server.Events;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Deliveries;

public sealed record SubscriptionArguments
{
    [Description("Where to deliver: http or https."), MaxLength(2000)]
    public required string Url { get; init; }

    [Description("'*', 'hitl' (what people are notified of), names such as 'incident.declared', or beginnings such as 'incident.*'. Left out: 'hitl'.")]
    public string[]? Events { get; init; }

    [Description("'standard' (Standard Webhooks), 'slack' or 'teams'. Left out: standard."), MaxLength(10)]
    public string? Format { get; init; }

    [Description("'whsec_' and base 64. Left out: a random one."), MaxLength(200)]
    public string? Secret { get; init; }
}

/// <param name="Status"><c>on</c>, <c>refusing</c> (the receiver rejects every delivery) or <c>off</c>.</param>
/// <param name="Secret">Only in the answer that creates the subscription.</param>
public sealed record SubscriptionView(
    string Id, string Url, ImmutableArray<string> Events, DeliveryFormat Format, string Status, string? OffReason, DateTimeOffset CreatedAt, string CreatedBy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Refusing = null)
{
    internal static SubscriptionView Of(Subscription known, bool withSecret = false) => new(
        known.Id, known.Url, known.Events, known.Format, StatusOf(known), known.OffReason, known.CreatedAt,
        known.CreatedBy, withSecret ? known.Secret : null, known.Refusing);

    private static string StatusOf(Subscription known) => known.OffReason is not null ? "off" : known.Refusing is null ? "on" : "refusing";
}

public sealed record DeliveryView(
    long Number, string WebhookId, string Event, string Lane, DateTimeOffset QueuedAt, int Attempts, DateTimeOffset? DueAt,
    string? LastError)
{
    internal static DeliveryView Of(Delivery one, bool dead) =>
        new(one.Number, one.Id, one.Event, one.Lane, one.QueuedAt, one.Attempts, dead ? null : one.DueAt, one.LastError);
}

internal static class SubscriptionEndpoints
{
    private const int MaxListed = 1000;

    private static readonly TimeSpan SecretRepeated = TimeSpan.FromMinutes(10);

    public static void MapSubscriptions(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/webhooks").ForAdministrators();
        group.MapGet("", async (DeliveryRecords records, CancellationToken cancel) =>
                Answer.Json(new Page<SubscriptionView>([.. (await records.SubscriptionsAsync(cancel)).Select(one => SubscriptionView.Of(one.Value))], null)))
            .Read<Page<SubscriptionView>>("Webhooks", "Subscriptions, without their secrets.");
        group
            .MapPost("", AddAsync)
            .Write<SubscriptionArguments, SubscriptionView>(
                "Webhooks", "Subscribes to what happens from now on. The answer holds the secret that signs.", creates: true);
        group.MapPost("/{id}/on", OnAsync).Write<object, SubscriptionView>("Webhooks", "Delivers again, from where it stopped.");
        group.MapPost("/{id}/remove", RemoveAsync).Write<object, SubscriptionView>("Webhooks", "Ends a subscription; what waits for it is dropped.");
        group.MapGet("/{id}/deliveries", (string id, DeliveryRecords records, CancellationToken cancel) => ListAsync(id, records, dead: false, cancel))
            .Read<Page<DeliveryView>>("Webhooks", "What waits to be delivered.");
        group.MapGet("/{id}/dead", (string id, DeliveryRecords records, CancellationToken cancel) => ListAsync(id, records, dead: true, cancel))
            .Read<Page<DeliveryView>>("Webhooks", "Dead letters: what could not be delivered after all attempts.");
        group.MapPost("/{id}/dead/{number:long}/resend", ResendAsync).Write<object, DeliveryView>("Webhooks", "Sends a dead letter again, under its old id.");
    }

    private static async Task<IResult> AddAsync(HttpContext http, RunningEngine engine, DeliveryRecords records, DeliveryOptions options, DeliveryPumps pumps)
    {
        var (call, refusal) = CallReader.Write(http.Request);
        if (refusal is not null) return Answer.Of(refusal);
        var (body, problem) = await Body.ReadAsync(http.Request, Body.DefaultLimit, http.RequestAborted);
        if (problem is not null) return Answer.Of(problem);
        var (given, malformed) = Arguments.Read(body, ServerJson.Info<SubscriptionArguments>());
        if (given is null) return Answer.Of(malformed!);
        call = call!.With(http.Request.Path, body);
        var (subscription, bad) = SubscriptionReading.Of(given, engine.Options, call, options.AllowPrivate);
        if (subscription is null) return Answer.Of(bad!);
        http.Response.Headers.CacheControl = "no-store";
        while (!await records.SaveAsync(subscription, 0, await engine.Journal.FeedEndAsync(http.RequestAborted), http.RequestAborted))
        {
            if (call.Sent is not null && await records.SubscriptionAsync(subscription.Id, http.RequestAborted) is { } known)
                return Again(http, known.Value, call, engine.Options.Time.GetUtcNow());
            subscription = subscription with { Id = SubscriptionReading.NewId(engine.Options) };
        }

        pumps.Look();
        return TypedResults.Json(
            SubscriptionView.Of(subscription, withSecret: true),
            ServerJson.Info<SubscriptionView>(),
            statusCode: StatusCodes.Status201Created);
    }

    /// <summary>The first answer, to a repetition of its key: the subscription as it was made. Its secret is in the answer only for a while, for a
    /// caller that has lost the first one.</summary>
    private static IResult Again(HttpContext http, Subscription first, Call call, DateTimeOffset now)
    {
        if (first.Sent != call.Sent) return Answer.Of(Rejected.KeyReused(call.Key ?? ""));
        http.Response.Headers[CallReader.ReplayHeader] = "true";
        return Answer.Json(SubscriptionView.Of(first with { OffReason = null }, withSecret: now - first.CreatedAt < SecretRepeated));
    }

    private static async Task<IResult> OnAsync(string id, HttpContext http, DeliveryRecords records, DeliveryPumps pumps)
    {
        while (await records.SubscriptionAsync(id, http.RequestAborted) is { } known)
        {
            var on = known.Value with { OffReason = null };
            if (!await records.SaveAsync(on, known.Version, null, http.RequestAborted)) continue;
            pumps.Look();
            return Answer.Json(SubscriptionView.Of(on));
        }

        return Unknown();
    }

    private static async Task<IResult> RemoveAsync(string id, HttpContext http, DeliveryRecords records)
    {
        while (await records.SubscriptionAsync(id, http.RequestAborted) is { } known)
        {
            if (await records.RemoveAsync(id, known.Version, http.RequestAborted))
                return Answer.Json(SubscriptionView.Of(known.Value with { OffReason = "removed" }));
        }

        return Unknown();
    }

    private static async Task<IResult> ListAsync(string id, DeliveryRecords records, bool dead, CancellationToken cancel)
    {
        if (await records.SubscriptionAsync(id, cancel) is null) return Unknown();
        var found = dead ? await records.DeadAsync(id, MaxListed, cancel) : await records.WaitingAsync(id, MaxListed, cancel);
        return Answer.Json(new Page<DeliveryView>([.. found.Select(one => DeliveryView.Of(one.Value, dead))], null));
    }

    private static async Task<IResult> ResendAsync(string id, long number, HttpContext http, RunningEngine engine, DeliveryRecords records, FeedSignal signal)
    {
        if (await records.DeadAsync(id, number, http.RequestAborted) is not { } dead) return Unknown();
        await records.ResendAsync(id, dead, engine.Options.Time.GetUtcNow(), http.RequestAborted);
        signal.Wake();
        return Answer.Json(DeliveryView.Of(dead.Value with { Attempts = 0 }, dead: false));
    }

    private static IResult Unknown() => Answer.Of(Rejected.Unknown(
        Rules.WebhookUnknown, "There is no such subscription or dead letter; GET /api/webhooks lists subscriptions."));
}
