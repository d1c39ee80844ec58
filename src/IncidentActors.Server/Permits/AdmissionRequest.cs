using System.Collections.Immutable;
using System.Text.Json;

namespace IncidentActors.Server.Permits;

/// <summary>What Kubernetes asks (<c>admission.k8s.io/v1</c>), as far as it matters here.</summary>
/// <param name="Uid">Given back in the answer.</param>
/// <param name="Action">What a permit calls it: <c>deploy</c>, <c>scale</c>, <c>delete</c>, or the subresource that is connected to.</param>
/// <param name="Service">The annotation or label that names the service, else the object's name.</param>
/// <param name="Environment">The annotation or label that names the environment, else the namespace.</param>
/// <param name="Digests">Of every image; null: an image without a digest is among them.</param>
/// <param name="BreakGlass">The reason for which halts are passed, or null. A change of the object gives one of its own: the reason of an earlier change,
/// which the object still carries, is none.</param>
internal sealed record AdmissionRequest(
    string Uid, string Operation, string Action, string Kind, string Name, string Service, string Environment, ImmutableArray<string>? Digests,
    string? BreakGlass, string User, bool DryRun)
{
    private const string Prefix = "incident-actors.dev/";
    private const string BreakGlassReason = Prefix + "break-glass";
    private const string OwnAccounts = "system:serviceaccount:kube-system:";

    /// <summary>Of <c>kube-controller-manager</c>: they keep numbers, and remove what belongs to what was removed.</summary>
    private static readonly HashSet<string> Controllers =
    [
        "system:kube-controller-manager", OwnAccounts + "horizontal-pod-autoscaler", OwnAccounts + "generic-garbage-collector",
        OwnAccounts + "ttl-after-finished-controller", OwnAccounts + "namespace-controller", OwnAccounts + "deployment-controller",
        OwnAccounts + "statefulset-controller", OwnAccounts + "daemon-set-controller", OwnAccounts + "job-controller", OwnAccounts + "cronjob-controller",
    ];

    private static readonly string[] ServiceLabels = [Prefix + "service", "app.kubernetes.io/name", "app"];

    /// <summary>The cluster's own controllers may change what exists. What they create, such as the job of a cron job, is checked.</summary>
    public bool OfController => Operation != "CREATE" && Controllers.Contains(User);

    /// <summary>It puts images into the cluster, so it may be a fix.</summary>
    public bool Brings => Operation is "CREATE" or "UPDATE";

    /// <summary>The request, or null if the body is not an AdmissionReview.</summary>
    public static AdmissionRequest? Of(JsonElement review)
    {
        if (review.Property("kind").Text() != "AdmissionReview" || review.Property("request") is not { ValueKind: JsonValueKind.Object } request) return null;
        if (request.Property("uid").Text() is not { Length: > 0 } uid) return null;
        var operation = request.Property("operation").Text() ?? "";
        var (thing, old) = (request.Property("object"), request.Property("oldObject"));
        if (operation == "DELETE" && thing.ValueKind != JsonValueKind.Object) thing = old;
        var metadata = thing.Property("metadata");
        var (annotations, labels) = (metadata.Property("annotations"), metadata.Property("labels"));
        var name = request.Property("name").Text() ?? metadata.Property("name").Text() ?? metadata.Property("generateName").Text() ?? "";
        var images = Images(thing).Distinct().ToList();
        var digests = images.Select(image => image.Split('@') is [_, var digest] ? digest : null).ToList();
        var selector = Selector(thing.Property("status").Property("selector").Text());
        var reason = annotations.Property(BreakGlassReason).Text();
        if (operation == "UPDATE" && reason == old.Property("metadata").Property("annotations").Property(BreakGlassReason).Text()) reason = null;
        return new AdmissionRequest(
            uid, operation, ActionOf(operation, request.Property("subResource").Text()), request.Property("kind").Property("kind").Text() ?? "", name,
            ServiceLabels.Select(label => annotations.Property(label).Text() ?? labels.Property(label).Text() ?? selector.GetValueOrDefault(label))
                .FirstOrDefault(one => one is not null) ?? name,
            annotations.Property(Prefix + "environment").Text() ?? labels.Property(Prefix + "environment").Text() ?? request.Property("namespace").Text() ?? "",
            digests.Contains(null) ? null : [.. digests.OfType<string>()],
            reason,
            request.Property("userInfo").Property("username").Text() ?? "",
            request.Property("dryRun").ValueKind == JsonValueKind.True);
    }

    private static string ActionOf(string operation, string? subResource) => operation switch
    {
        "DELETE" => "delete",
        "CONNECT" => subResource ?? "connect",
        _ => subResource == "scale" ? "scale" : "deploy",
    };

    /// <summary>A scale subresource has no labels; its status names those of its pods: <c>app=checkout,tier=web</c>.</summary>
    private static Dictionary<string, string> Selector(string? text) =>
        (text ?? "").Split(',').Select(part => part.Split('=', 2)).Where(part => part.Length == 2).DistinctBy(part => part[0])
            .ToDictionary(part => part[0].Trim(), part => part[1].Trim());

    /// <summary>Every image of every container, wherever the kind of object keeps its pod template.</summary>
    private static IEnumerable<string> Images(JsonElement part) => part.ValueKind switch
    {
        JsonValueKind.Object => part.EnumerateObject().SelectMany(
            one => one.NameEquals("image") && one.Value.Text() is { } image ? [image] : Images(one.Value)),
        JsonValueKind.Array => part.EnumerateArray().SelectMany(Images),
        _ => [],
    };
}

internal static class AdmissionJson
{
    /// <summary>The property, or an undefined element if it is missing.</summary>
    public static JsonElement Property(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : default;

    public static string? Text(this JsonElement json) => json.ValueKind == JsonValueKind.String ? json.GetString() : null;
}
