using System.Runtime.CompilerServices;
using System.Text.Json;
using IncidentActors.Core.Json;

namespace IncidentActors.Client;

/// <summary>Polls a view and returns it when it has changed.</summary>
internal static class Changes
{
    /// <summary>The first reading and each that differs from the one before, until <paramref name="isLast"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is nothing under the id.</exception>
    public static async IAsyncEnumerable<T> WatchAsync<T>(
        this CommandSender sender, string id, Func<Task<T?>> read, Func<T, bool> isLast, [EnumeratorCancellation] CancellationToken cancel)
        where T : class
    {
        byte[]? before = null;
        while (true)
        {
            var view = await sender.ReadAsync(read, cancel) ?? throw new KeyNotFoundException($"There is no {id}.");
            var now = JsonSerializer.SerializeToUtf8Bytes(view, CoreJson.Views.GetTypeInfo(typeof(T)));
            if (before is null || !now.AsSpan().SequenceEqual(before)) yield return view;
            if (isLast(view)) yield break;
            before = now;
            await Task.Delay(sender.PollInterval, cancel);
        }
    }
}
