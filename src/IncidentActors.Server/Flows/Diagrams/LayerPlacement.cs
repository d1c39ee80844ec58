namespace IncidentActors.Server.Flows.Diagrams;

/// <summary>Gives every node of ordered layers its place from left to right: those of the spine below each other, the others as near to their
/// neighbours above and below as is left to them.</summary>
internal static class LayerPlacement
{
    private const int Sweeps = 400;
    private const double Between = 18;
    private const double Margin = 10;

    /// <summary>Outweighs every wish of the others.</summary>
    private const double SpineWeight = 1e7;

    /// <summary>By node: its centre.</summary>
    public static double[] Of(Layers layers, IReadOnlySet<int> spine)
    {
        var centers = new double[layers.Widths.Count];
        foreach (var order in layers.Order) Pack(layers, order, centers);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var both = sweep >= Sweeps / 2;
            for (var step = 0; step < layers.Order.Count; step++)
            {
                var down = sweep % 2 == 0;
                var layer = down ? step : layers.Order.Count - 1 - step;
                Settle(layers, layers.Order[layer], centers, spine, above: down || both, below: !down || both);
            }
        }

        var left = centers.Select((center, node) => center - layers.Widths[node] / 2).Min();
        return [.. centers.Select(center => center - left + Margin)];
    }

    private static void Pack(Layers layers, List<int> order, double[] centers)
    {
        var x = 0.0;
        foreach (var node in order)
        {
            centers[node] = x + layers.Widths[node] / 2;
            x += layers.Widths[node] + Between;
        }
    }

    /// <summary>The best places of one layer while the others are fixed: least squares under the order, by pooling those that push each other.</summary>
    private static void Settle(Layers layers, List<int> order, double[] centers, IReadOnlySet<int> spine, bool above, bool below)
    {
        var offset = 0.0;
        var pools = new Stack<Pool>();
        for (var i = 0; i < order.Count; i++)
        {
            var node = order[i];
            if (i > 0) offset += (layers.Widths[order[i - 1]] + layers.Widths[node]) / 2 + Between;
            var (wish, weight) = spine.Contains(node) ? (0, SpineWeight) : Wish(layers, node, centers, above, below);
            var pool = new Pool(i, wish - offset, weight);
            while (pools.TryPeek(out var last) && last.At > pool.At)
            {
                pools.Pop();
                pool = new Pool(last.First, (last.At * last.Weight + pool.At * pool.Weight) / (last.Weight + pool.Weight), last.Weight + pool.Weight);
            }

            pools.Push(pool);
        }

        var next = order.Count;
        offset = 0;
        var offsets = new double[order.Count];
        for (var i = 1; i < order.Count; i++)
            offsets[i] = offset += (layers.Widths[order[i - 1]] + layers.Widths[order[i]]) / 2 + Between;
        foreach (var pool in pools)
        {
            for (var i = pool.First; i < next; i++) centers[order[i]] = pool.At + offsets[i];
            next = pool.First;
        }
    }

    private static (double Wish, double Weight) Wish(Layers layers, int node, double[] centers, bool above, bool below)
    {
        const double Inertia = 0.01;
        var (sum, weight) = (centers[node] * Inertia, Inertia);
        foreach (var one in (above ? layers.Above[node] : []).Concat(below ? layers.Below[node] : []))
        {
            sum += centers[one.Node] * one.Weight;
            weight += one.Weight;
        }

        return (sum / weight, weight);
    }

    private readonly record struct Pool(int First, double At, double Weight);
}
